//! TLS: which certificate is shown, and what is agreed on before HTTP begins.
//!
//! `lib` makes one [`Tls`] for the house and gives it to its entrances; whoever has a new certificate shows
//! it from then on with [`Tls::show`], and connections that are open stay as they are. TLS 1.2 and 1.3 with
//! the suites of rustls, all of which are AEAD. This room reads no file and makes no certificate.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, version};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Line;
use super::accept::Handshake;

/// What a client is told to speak (RFC 7301); one that insists on another protocol is refused.
const PROTOCOL: &[u8] = b"http/1.1";

/// Why a certificate and a key cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The text of the certificate is none.
    #[error("there is no certificate in it: it must be PEM, -----BEGIN CERTIFICATE----- and so on ({0})")]
    NoCertificate(pem::Error),
    /// The text of the key is none.
    #[error("there is no key in it: it must be PEM, -----BEGIN PRIVATE KEY----- and so on ({0})")]
    NoKey(pem::Error),
    /// Both can be read, and are no pair or not understood.
    #[error("the certificate and the key cannot be used together: {0}")]
    Unfit(rustls::Error),
}

/// A certificate with those between it and its root, and its key.
#[derive(Clone, Debug)]
pub struct Identity(Arc<CertifiedKey>);

impl Identity {
    /// Reads PEM texts (RFC 7468). Other sections of them are passed over.
    pub fn parse(certificates: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let chain = CertificateDer::pem_slice_iter(certificates).collect::<Result<Vec<_>, _>>();
        let chain =
            chain.and_then(|chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) });
        let chain = chain.map_err(IdentityError::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(IdentityError::NoKey)?;
        let pair = CertifiedKey::from_der(chain, key, &ring::default_provider());
        pair.map(|pair| Self(Arc::new(pair))).map_err(IdentityError::Unfit)
    }
}

/// How the house speaks TLS; clones show the same certificate.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
}

impl Tls {
    /// Begins with this certificate.
    ///
    /// # Panics
    /// Never: the provider has suites of both versions.
    pub fn new(identity: Identity) -> Self {
        let shown = Arc::new(Shown(RwLock::new(identity)));
        let provider = Arc::new(ring::default_provider());
        let versions = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .expect("the provider has suites of both versions");
        let mut config = versions.with_no_client_auth().with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), shown }
    }

    /// Shows this certificate to everybody who comes from now on.
    pub fn show(&self, identity: Identity) {
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = identity;
    }
}

impl Handshake for Tls {
    const LINE: Line = Line::Encrypted;
    type Stream = TlsStream<TcpStream>;

    async fn shake(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

/// The certificate that is shown, whatever name the client asks for: `web` looks at the `Host` later.
#[derive(Debug)]
struct Shown(RwLock<Identity>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown.0))
    }
}
