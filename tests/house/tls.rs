//! HTTPS by the house itself, over real sockets: what is shown, what is refused, what is sent on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use parlour::host::config::Config;
use parlour::net::certificates::CertificateSource;
use parlour::net::{self, Identity, Limits, Listener};
use rcgen::{CertificateParams, DnType, Issuer, KeyPair};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{AlertDescription, ProtocolVersion, RootCertStore, SupportedCipherSuite};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::CancellationToken;
use warp::Filter;

use crate::support::house::{House, fresh_id, text, until, within};

/// A house that makes its own certificates, and what a device that trusts it goes by.
async fn own_house() -> (House, ClientConfig) {
    own_house_with(|_| {}).await
}

async fn own_house_with(change: impl FnOnce(&mut Config)) -> (House, ClientConfig) {
    let house = House::open_with(|config| {
        config.tls = CertificateSource::SelfSigned;
        change(config);
    })
    .await;
    let path = house.dir.path().join("tls.json");
    until("the house to make its authority", async || path.exists().then_some(())).await;
    let mut trusting = trusting(&authority(&kept(&house), "certificate"));
    trusting.time_provider = Arc::new(Now(Arc::clone(&house.now)));
    (house, trusting)
}

/// What the house wrote down of its certificates.
fn kept(house: &House) -> Value {
    serde_json::from_slice(&fs::read(house.dir.path().join("tls.json")).unwrap()).unwrap()
}

fn authority(kept: &Value, what: &str) -> String {
    text(&kept["authority"][what])
}

fn trusting(pem: &str) -> ClientConfig {
    trusting_with(pem, &ring::default_provider().cipher_suites)
}

fn trusting_with(pem: &str, suites: &[SupportedCipherSuite]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider =
        rustls::crypto::CryptoProvider { cipher_suites: suites.to_vec(), ..ring::default_provider() };
    let config =
        ClientConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions();
    let mut config = config.unwrap().with_root_certificates(roots).with_no_client_auth();
    // Each connection is to show what the house shows now.
    config.resumption = Resumption::disabled();
    config
}

/// The clock of a device that goes as the house's.
#[derive(Debug)]
struct Now(Arc<AtomicU64>);

impl TimeProvider for Now {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(self.0.load(Ordering::SeqCst))))
    }
}

/// A connection to the house by this name.
async fn shake(house: &House, client: &ClientConfig, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(house.address).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    within(TlsConnector::from(Arc::new(client.clone())).connect(name, stream), "a handshake").await
}

/// The certificate that the house shows.
async fn shown(house: &House, client: &ClientConfig) -> CertificateDer<'static> {
    let stream = shake(house, client, "localhost").await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

/// One question on a connection of its own: the head and the body of the answer.
async fn ask(house: &House, client: &ClientConfig, head: &str, body: &str) -> (String, String) {
    let mut stream = shake(house, client, "localhost").await.unwrap();
    asked(&mut stream, head, body).await
}

async fn asked(
    stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin),
    head: &str,
    body: &str,
) -> (String, String) {
    let length = body.len();
    let question = format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(question.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    within(stream.read_to_end(&mut answer), "an answer").await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

async fn post(house: &House, client: &ClientConfig, path: &str, body: Value) -> Value {
    let (host, origin) = (house.address, format!("https://{}", house.address));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n"
    );
    let (head, body) = ask(house, client, &head, &body.to_string()).await;
    assert!(head.starts_with("http/1.1 20"), "{head}\n{body}");
    serde_json::from_str(&body).unwrap()
}

/// Somebody in a chat, over TLS.
struct Person {
    socket: WebSocketStream<TlsStream<TcpStream>>,
    seat: String,
}

impl Person {
    /// By link and code.
    async fn enters(house: &House, client: &ClientConfig, invite: &Value) -> Self {
        let link = text(&invite["link"]);
        assert!(link.starts_with("https://"), "{link}");
        let (_, token) = link.split_once('#').unwrap();
        let question = json!({"token": token, "code": invite["code"]});
        let entered = post(house, client, "/api/v1/invites/enter", question).await;
        let mut request = format!("wss://{}/api/v1/socket", house.address).into_client_request().unwrap();
        let fields = request.headers_mut();
        fields.insert("sec-websocket-protocol", "parlour.v1".parse().unwrap());
        fields.insert("origin", format!("https://{}", house.address).parse().unwrap());
        let stream = shake(house, client, "localhost").await.unwrap();
        let shaken = within(tokio_tungstenite::client_async(request, stream), "the upgrade").await;
        let mut person = Self { socket: shaken.unwrap().0, seat: text(&entered["seat"]) };
        person.sends(json!({"type": "hello", "device": entered["device"]})).await;
        person.sends(json!({"type": "chat-open", "seat": person.seat, "after": 0})).await;
        person.gets("chat-state").await;
        person
    }

    async fn sends(&mut self, frame: Value) {
        within(self.socket.send(Message::Text(frame.to_string().into())), "a frame to be sent")
            .await
            .unwrap();
    }

    async fn says(&mut self, words: &str) {
        let id = fresh_id();
        self.sends(json!({"type": "chat-say", "seat": self.seat, "id": id, "text": words})).await;
        while self.gets("chat-message").await["id"] != id.as_str() {}
    }

    async fn gets(&mut self, kind: &str) -> Value {
        loop {
            let Message::Text(frame) = within(self.socket.next(), kind).await.unwrap().unwrap() else {
                continue;
            };
            let frame: Value = serde_json::from_str(&frame).unwrap();
            if frame["type"] == kind {
                return frame;
            }
        }
    }
}

#[tokio::test]
async fn two_people_talk_by_https_with_a_house_that_their_devices_were_told_to_trust() {
    let (house, client) = own_house().await;
    let question = json!({"names": ["Anny", "Abhi"], "idle": "1d"});
    let started = post(&house, &client, "/api/v1/chats", question).await;
    let mut anny = Person::enters(&house, &client, &started["invites"][0]).await;
    let mut abhi = Person::enters(&house, &client, &started["invites"][1]).await;
    anny.says("hi").await;
    assert_eq!(abhi.gets("chat-message").await["text"], "hi");
    abhi.says("hi, Anny").await;
    assert_eq!(anny.gets("chat-message").await["text"], "hi, Anny");
    house.close().await.unwrap();
}

#[tokio::test]
async fn the_certificate_is_good_for_every_way_to_the_house_and_for_nobody_who_does_not_trust_it() {
    let (house, client) = own_house_with(|config| config.names = vec!["home.example".to_owned()]).await;
    for name in ["localhost", "home.example", "127.0.0.1", "::1"] {
        shake(&house, &client, name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(shake(&house, &client, "evil.example").await.is_err());
    let other = KeyPair::generate().unwrap();
    let other = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&other).unwrap();
    assert!(shake(&house, &trusting(&other.pem()), "localhost").await.is_err());
}

/// A thief of the authority's key can be nobody whom it has never vouched for.
#[tokio::test]
async fn an_authority_in_the_wrong_hands_vouches_for_no_other_name() {
    let (house, client) = own_house().await;
    let kept = kept(&house);
    let issuer = KeyPair::from_pem(&authority(&kept, "key")).unwrap();
    let mut issued_by = CertificateParams::default();
    issued_by.distinguished_name = rcgen::DistinguishedName::new();
    issued_by.distinguished_name.push(DnType::CommonName, authority(&kept, "name"));
    let issuer = Issuer::new(issued_by, issuer);
    let dir = tempfile::tempdir().unwrap();
    for (name, expected) in [("localhost", true), ("bank.example", false), ("8.8.8.8", false)] {
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        let files = Pair::write(dir.path(), &leaf.pem(), &key.serialize_pem());
        let thief = House::open_with(|config| config.tls = files.setting()).await;
        let shaken = shake(&thief, &client, name).await;
        assert_eq!(shaken.is_ok(), expected, "{name}: {shaken:?}");
    }
}

#[tokio::test]
async fn only_modern_tls_is_spoken() {
    let (house, client) = own_house().await;
    for suite in ring::default_provider().cipher_suites {
        let mut picky = trusting_with(&authority(&kept(&house), "certificate"), &[suite]);
        picky.time_provider = Arc::clone(&client.time_provider);
        let shaken = shake(&house, &picky, "localhost").await;
        let is_ours = !format!("{:?}", suite.suite()).contains("RSA");
        assert_eq!(shaken.is_ok(), is_ours, "{suite:?}: the key of the house is an elliptic one");
    }
    let mut http2 = client.clone();
    http2.alpn_protocols = vec![b"h2".to_vec()];
    let refused = shake(&house, &http2, "localhost").await.unwrap_err();
    assert!(format!("{refused:?}").contains("NoApplicationProtocol"), "{refused:?}");
    http2.alpn_protocols.push(b"http/1.1".to_vec());
    let shaken = shake(&house, &http2, "localhost").await.unwrap();
    assert_eq!(shaken.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    assert_eq!(shaken.get_ref().1.protocol_version(), Some(ProtocolVersion::TLSv1_3));
}

/// A hello that rustls would not say, byte for byte: TLS 1.1 at most, and TLS 1.2 with CBC suites only.
#[tokio::test]
async fn old_tls_is_refused_with_an_alert() {
    let (house, _) = own_house().await;
    const CBC: &[u16] = &[0xc009, 0xc00a, 0xc013, 0xc014, 0x002f, 0x0035, 0xc023, 0xc027];
    const GCM: &[u16] = &[0xc02b, 0xc02c, 0xc02f, 0xc030];
    for (version, suites, expected) in [
        (0x0302, GCM, Some(AlertDescription::ProtocolVersion)),
        (0x0301, CBC, Some(AlertDescription::ProtocolVersion)),
        (0x0303, CBC, Some(AlertDescription::HandshakeFailure)),
        (0x0303, GCM, None),
    ] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(&client_hello(version, suites)).await.unwrap();
        let mut head = [0; 7];
        within(stream.read_exact(&mut head), "an answer").await.unwrap();
        let alert = (head[0] == 21).then(|| AlertDescription::from(head[6]));
        assert_eq!(alert, expected, "{version:x} {suites:x?}: {head:x?}");
    }
}

/// RFC 5246, section 7.4.1.2, with supported groups, signature algorithms and extended master secret.
fn client_hello(version: u16, suites: &[u16]) -> Vec<u8> {
    let list = |numbers: &[u16]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        [&(bytes.len() as u16).to_be_bytes()[..], &bytes].concat()
    };
    let extension = |kind: u16, body: Vec<u8>| {
        [&kind.to_be_bytes()[..], &(body.len() as u16).to_be_bytes(), &body].concat()
    };
    let extensions = [
        extension(10, list(&[23, 29])),
        extension(11, vec![1, 0]),
        extension(13, list(&[0x0403, 0x0804, 0x0401])),
        extension(23, Vec::new()),
    ]
    .concat();
    let mut body = [&version.to_be_bytes()[..], &[7; 32], &[0], &list(suites), &[1, 0]].concat();
    body.extend([&(extensions.len() as u16).to_be_bytes()[..], &extensions].concat());
    let hello = [&[1, 0][..], &(body.len() as u16).to_be_bytes(), &body].concat();
    [&[22, 3, 1][..], &(hello.len() as u16).to_be_bytes(), &hello].concat()
}

/// A certificate and its key as a host brings them.
struct Pair {
    certificate: PathBuf,
    key: PathBuf,
}

impl Pair {
    fn write(dir: &Path, certificate: &str, key: &str) -> Self {
        let pair = Self { certificate: dir.join("certificate.pem"), key: dir.join("key.pem") };
        fs::write(&pair.certificate, certificate).unwrap();
        fs::write(&pair.key, key).unwrap();
        pair
    }

    /// A certificate that vouches for itself.
    fn make(dir: &Path) -> (Self, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        (Self::write(dir, &certificate, &key.serialize_pem()), certificate)
    }

    fn setting(&self) -> CertificateSource {
        CertificateSource::Files { certificate: self.certificate.clone(), key: self.key.clone() }
    }
}

#[tokio::test]
async fn a_new_certificate_is_shown_after_a_reload_and_a_bad_one_leaves_the_old() {
    let dir = tempfile::tempdir().unwrap();
    let (files, first) = Pair::make(dir.path());
    let house = House::open_with(|config| config.tls = files.setting()).await;
    let first = trusting(&first);
    let mut before = shake(&house, &first, "localhost").await.unwrap();
    let good = fs::read(&files.key).unwrap();

    for (file, bad) in [(&files.key, "no key"), (&files.certificate, ""), (&files.key, OTHER_KEY)] {
        let kept = fs::read(file).unwrap();
        fs::write(file, bad).unwrap();
        house.reloads().await;
        shake(&house, &first, "localhost").await.unwrap();
        fs::write(file, kept).unwrap();
    }
    fs::remove_file(&files.key).unwrap();
    house.reloads().await;
    shake(&house, &first, "localhost").await.unwrap();

    let (_, second) = Pair::make(dir.path());
    assert_ne!(fs::read(&files.key).unwrap(), good);
    house.reloads().await;
    shake(&house, &trusting(&second), "localhost").await.unwrap();
    assert!(shake(&house, &first, "localhost").await.is_err());
    let (head, _) = asked(&mut before, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n", "").await;
    assert!(head.starts_with("http/1.1 200"), "who is in already stays in: {head}");
}

const OTHER_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
-----END PRIVATE KEY-----
";

#[tokio::test]
async fn a_house_does_not_open_with_a_certificate_that_it_cannot_show() {
    let dir = tempfile::tempdir().unwrap();
    let (files, _) = Pair::make(dir.path());
    for (key, words) in [("nothing", "it has no key"), (OTHER_KEY, "do not belong together")] {
        fs::write(&files.key, key).unwrap();
        let house = House::open_with(|config| config.tls = files.setting()).await;
        let error = house.ended().await.unwrap_err().to_string();
        assert!(error.contains("key.pem") && error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_that_would_end_is_renewed_while_the_house_is_open() {
    let (house, client) = own_house().await;
    let first = shown(&house, &client).await;
    house.reloads().await;
    assert_eq!(shown(&house, &client).await, first);
    house.now.fetch_add(200 * 24 * 3_600 * 1_000, Ordering::SeqCst);
    house.reloads().await;
    assert_ne!(shown(&house, &client).await, first);
}

#[tokio::test]
async fn a_handshake_that_stalls_is_cut_and_others_are_served() {
    let dir = tempfile::tempdir().unwrap();
    let (files, pem) = Pair::make(dir.path());
    let identity = Identity::parse(&fs::read(&files.certificate).unwrap(), &fs::read(&files.key).unwrap());
    let listener = net::bind(&["127.0.0.1:0".parse().unwrap()]).unwrap().remove(0);
    let address = listener.local_addr().unwrap();
    let deadline = Duration::from_millis(400);
    let limits = Limits { handshake_deadline: deadline, connections_max: 3, ..Limits::default() };
    let service = net::from_tower(warp::service(warp::any().map(|| String::from("hi"))));
    let listeners = vec![Listener { listener, tls: Some(net::Tls::new(identity.unwrap())) }];
    let serving = net::serve(listeners, service, limits, CancellationToken::new(), deadline);
    let serving = tokio::spawn(serving);

    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut halting = TcpStream::connect(address).await.unwrap();
    halting.write_all(&client_hello(0x0303, &[0xc02b])[..20]).await.unwrap();
    let began = Instant::now();
    let connector = TlsConnector::from(Arc::new(trusting(&pem)));
    let stream = TcpStream::connect(address).await.unwrap();
    let shaken = connector.connect(ServerName::try_from("localhost").unwrap(), stream);
    let mut served = within(shaken, "a handshake beside those that stall").await.unwrap();
    for stream in [&mut silent, &mut halting] {
        let read = within(stream.read(&mut [0; 1]), "a handshake to be cut").await;
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    }
    assert!(began.elapsed() >= deadline / 2, "they were given time");
    let (head, body) = asked(&mut served, "GET / HTTP/1.1\r\nHost: localhost\r\n", "").await;
    assert!(head.starts_with("http/1.1 200") && body == "hi", "{head}");
    serving.abort();
}

#[tokio::test]
async fn plain_http_is_sent_on_to_the_same_address_by_https() {
    let (house, _) = own_house_with(|config| {
        config.redirect_listen = vec!["127.0.0.1:0".parse().unwrap()];
        config.public_url = parlour::net::PublicUrl::parse("https://home.example/parlour/").ok();
    })
    .await;
    let port = house.address.port();
    for (method, host, path, expected) in [
        ("GET", "localhost:81", "/j?a=b&c", format!("https://localhost:{port}/j?a=b&c")),
        ("GET", "192.168.1.20", "/", format!("https://192.168.1.20:{port}/")),
        ("POST", "[fd00::1]:81", "/api/v1/chats", format!("https://[fd00::1]:{port}/api/v1/chats")),
        ("GET", "home.example", "/parlour/c", "https://home.example/parlour/c".to_owned()),
        ("GET", "localhost", "//evil.example/", format!("https://localhost:{port}//evil.example/")),
        ("GET", "localhost", "/healthz", format!("https://localhost:{port}/healthz")),
    ] {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
        let (answer, _) = house.asks_plainly(&head).await;
        assert!(answer.starts_with("http/1.1 308 "), "{answer}");
        assert!(answer.contains(&format!("location: {expected}\r\n")), "{expected}: {answer}");
    }
    for host in
        ["evil.example", "localhost.evil.example", "localhost, evil.example", "6.6.6.6", "[2001:db8::1]"]
    {
        let (answer, _) = house.asks_plainly(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n")).await;
        assert!(answer.starts_with("http/1.1 421 ") && !answer.contains("location:"), "{answer}");
    }
}

#[tokio::test]
async fn a_device_is_told_how_to_trust_the_house_also_by_plain_http() {
    let (house, client) =
        own_house_with(|config| config.redirect_listen = vec!["127.0.0.1:0".parse().unwrap()]).await;
    let fingerprint = authority(&kept(&house), "fingerprint");
    let question = "GET /trust HTTP/1.1\r\nHost: localhost\r\nAccept-Language: de-CH, en;q=0.5\r\n";
    let (plain_head, plain) = house.asks_plainly(question).await;
    let (_, secure) = ask(&house, &client, question, "").await;
    assert_eq!(plain, secure);
    assert!(plain_head.starts_with("http/1.1 200 ") && plain_head.contains("content-security-policy:"));
    let shown = plain.replace("</span><span class=\"part\">", ":");
    assert!(shown.contains(&fingerprint) && plain.contains("<html lang=\"de\">"), "{plain}");
    assert!(plain.contains("<style>"), "{plain}");
    let icon = plain.split("href=\"assets/icons/").nth(1).unwrap().split('"').next().unwrap();
    let (head, _) =
        house.asks_plainly(&format!("GET /assets/icons/{icon} HTTP/1.1\r\nHost: localhost\r\n")).await;
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    let (head, pem) = house.asks_plainly("GET /parlour-house.crt HTTP/1.1\r\nHost: localhost\r\n").await;
    assert!(head.contains("content-type: application/x-x509-ca-cert\r\n"), "{head}");
    let mut told = trusting(&pem);
    told.time_provider = Arc::clone(&client.time_provider);
    shake(&house, &told, "localhost").await.unwrap();
    let (head, _) = house.asks_plainly("GET /trust/ HTTP/1.1\r\nHost: localhost\r\n").await;
    assert!(head.starts_with("http/1.1 308 ") && head.contains("location: /trust\r\n"), "{head}");
    let (hindi, _) = ask(&house, &client, "GET /trust?language=hi HTTP/1.1\r\nHost: localhost\r\n", "").await;
    assert!(hindi.starts_with("http/1.1 200 "));
}

#[tokio::test]
async fn a_house_that_makes_no_certificates_has_nothing_to_trust() {
    let house = House::open().await;
    for path in ["/trust", "/parlour-house.crt"] {
        assert_eq!(house.http.get(house.url(path)).send().await.unwrap().status(), 404, "{path}");
    }
    let asked = house.http.get(house.url("/trust")).header("accept", "text/html");
    let answer = asked.header("accept-language", "de").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (404, &"text/html; charset=utf-8".parse().unwrap())
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains("<html lang=\"de\">") && page.contains("<main"), "{page}");
    assert!(page.contains("<style>") && page.contains("self-signed"), "{page}");
}

#[tokio::test]
async fn a_page_of_plain_http_is_another_origin_and_may_change_nothing() {
    let (house, client) = own_house().await;
    let address = house.address;
    let head = format!(
        "POST /api/v1/chats HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Content-Type: application/json\r\n"
    );
    let (answer, _) = ask(&house, &client, &head, "{}").await;
    assert!(answer.starts_with("http/1.1 403 "), "{answer}");
    let page = format!("GET / HTTP/1.1\r\nHost: {address}\r\n");
    let (answer, _) = ask(&house, &client, &page, "").await;
    assert!(answer.contains("cross-origin-opener-policy: same-origin"), "{answer}");
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}
