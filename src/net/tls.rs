//! TLS: which certificate is shown, and what is agreed on before HTTP begins.
//!
//! `app` makes one [`Tls`] for the house and gives it to its listeners. [`Tls::show`] changes the
//! certificate from then on; connections that are open stay as they are. TLS 1.2 and 1.3 with
//! the suites of rustls, all of which are AEAD. This room reads no file and makes no certificate.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, IpAddr, Ipv4Addr, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, RootCertStore, ServerConfig, version};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a client is told to speak (RFC 7301); one that insists on another protocol is refused.
const PROTOCOL: &[u8] = b"http/1.1";

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("it has no certificate: it must be PEM, -----BEGIN CERTIFICATE----- and so on ({0})")]
    NoCertificate(pem::Error),
    #[error("it has no key: it must be PEM, -----BEGIN PRIVATE KEY----- and so on ({0})")]
    NoKey(pem::Error),
    #[error("the certificate and the key do not belong together: {0}")]
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

    /// When its own certificate ends, in seconds since 1970. rustls tells that only to who finds it ended: so
    /// it is checked as if that were now, and the end is looked at before anything else.
    fn ends(&self) -> Option<u64> {
        let (own, above) = self.0.cert.split_first()?;
        let mut roots = RootCertStore::empty();
        roots.add(self.0.cert.last()?.clone()).ok()?;
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()?;
        let anybody = ServerName::IpAddress(IpAddr::V4(Ipv4Addr::from([127, 0, 0, 1])));
        let last = UnixTime::since_unix_epoch(Duration::from_secs(u64::MAX));
        match verifier.verify_server_cert(own, above, &anybody, &[], last) {
            Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext {
                not_after, ..
            })) => Some(not_after.as_secs()),
            _ => None,
        }
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

    /// When the certificate that is shown ends, in seconds since 1970, where that can be told.
    pub fn ends(&self) -> Option<u64> {
        self.shown.0.read().unwrap_or_else(PoisonError::into_inner).ends()
    }

    pub async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }

    pub fn show(&self, identity: Identity) {
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = identity;
    }
}

/// The certificate that is shown, whatever name the client asks for: `http` looks at the `Host` later.
#[derive(Debug)]
struct Shown(RwLock<Identity>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown.0))
    }
}
