//! Certificates made on the spot, and servers that record the bytes they receive.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::crypto::cipher::{MessageEncrypter, OutboundChunks, OutboundPlainMessage};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, RootCertStore, ServerConfig,
    ServerConnection, SupportedCipherSuite, SupportedProtocolVersion,
};

use super::{LIMIT, numbered, wait_until};

/// A certificate authority made for one test.
pub struct TestCa {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

/// A certificate and its private key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl TestCa {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, name);
        TestCa::from_params(params)
    }

    pub fn from_params(params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        TestCa { issuer: Issuer::new(params, key), pem }
    }

    pub fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        Identity::from_certificate(params.signed_by(&key, &self.issuer).unwrap(), &key)
    }
}

impl Identity {
    /// A self-signed certificate.
    pub fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        Identity::from_certificate(params.self_signed(&key).unwrap(), &key)
    }

    fn from_certificate(certificate: rcgen::Certificate, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Identity { certificate: certificate.into(), key }
    }

    /// The certificate and the key as PEM.
    pub fn pem(&self) -> (String, String) {
        let pem = |label, der: &[u8]| {
            let base64 = BASE64_STANDARD.encode(der);
            format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
        };
        (pem("CERTIFICATE", &self.certificate), pem("PRIVATE KEY", self.key.secret_der()))
    }

    /// The configuration of a server that presents this certificate.
    pub fn served(self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        self.served_to(WebPkiClientVerifier::no_client_auth(), versions)
    }

    /// The same for a server that verifies its clients.
    pub fn served_to(
        self,
        clients: Arc<dyn ClientCertVerifier>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Arc<ServerConfig> {
        let key = ring::sign::any_supported_type(&self.key).unwrap();
        serving(CertifiedKey::new(vec![self.certificate], key), clients, versions)
    }
}

/// The configuration of a server with any certificate, valid or not.
pub fn serving(
    certified: CertifiedKey,
    clients: Arc<dyn ClientCertVerifier>,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ServerConfig> {
    let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // For `RecordWriter`.
    config.enable_secret_extraction = true;
    Arc::new(config)
}

/// A verifier that asks clients for a certificate of this CA.
pub fn clients_of(ca_pem: &str, is_required: bool) -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    if is_required { clients } else { clients.allow_unauthenticated() }.build().unwrap()
}

/// Parameters of a certificate for these names and addresses.
pub fn params_for(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

/// A CA, and the configuration of a server with its certificate for `localhost` and `127.0.0.1`.
pub fn localhost() -> (TestCa, Arc<ServerConfig>) {
    let ca = TestCa::new("The test's CA");
    let identity = ca.issue(&params_for(&["localhost", "127.0.0.1"]));
    (ca, identity.served(rustls::ALL_VERSIONS))
}

/// Everything that a server received.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    /// The bytes on the wire.
    pub wire: Vec<u8>,
    /// The decrypted bytes.
    pub plain: Vec<u8>,
}

/// A server on loopback that records every byte it receives, with one thread per connection.
pub struct TapServer {
    pub port: u16,
    state: Arc<State>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    is_stopping: AtomicBool,
    connections: AtomicUsize,
    closed: AtomicUsize,
    wire: Mutex<Vec<u8>>,
    plain: Mutex<Vec<u8>>,
}

impl TapServer {
    pub fn start(serve: impl Fn(&mut Tap) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let (shared, serve) = (state.clone(), Arc::new(serve));
        let acceptor = thread::spawn(move || {
            let mut threads = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.is_stopping.load(Ordering::SeqCst) {
                    break;
                }
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                let _ = stream.set_nodelay(true);
                let _ = stream.set_read_timeout(Some(LIMIT));
                let _ = stream.set_write_timeout(Some(LIMIT));
                let mut tap = Tap { stream, number, state: shared.clone() };
                let (serve, state) = (serve.clone(), shared.clone());
                threads.push(thread::spawn(move || {
                    serve(&mut tap);
                    drop(tap);
                    state.closed.fetch_add(1, Ordering::SeqCst);
                }));
            }
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
        TapServer { port, state, acceptor: Some(acceptor) }
    }

    /// The same over TLS. After `serve` it reads until the client closes.
    pub fn tls(
        config: Arc<ServerConfig>,
        serve: impl Fn(&mut TlsTap<'_>) + Send + Sync + 'static,
    ) -> Self {
        TapServer::start(move |tap| {
            let session = ServerConnection::new(config.clone()).unwrap();
            let mut tls = TlsTap { session, config: config.clone(), tap };
            serve(&mut tls);
            let _ = tls.read_to_end(&mut Vec::new());
            tap.drain();
        })
    }

    /// A TLS server that sends this response to each request, each time with another trigger id.
    pub fn answering(config: Arc<ServerConfig>, response: Vec<u8>) -> Self {
        TapServer::tls(config, move |tls| {
            for number in 0.. {
                if read_request(tls).is_none()
                    || tls.write_all(&numbered(&response, number)).is_err()
                {
                    break;
                }
            }
        })
    }

    /// Waits until the clients have closed, stops, and returns what was received.
    pub fn finish(mut self) -> Seen {
        self.stop();
        Seen {
            connections: self.state.connections.load(Ordering::SeqCst),
            wire: std::mem::take(&mut self.state.wire.lock().unwrap()),
            plain: std::mem::take(&mut self.state.plain.lock().unwrap()),
        }
    }

    /// Waits until the server has closed this many connections.
    pub fn wait_until_closed(&self, count: usize) {
        wait_until("the server closes", || self.state.closed.load(Ordering::SeqCst) >= count);
    }

    fn stop(&mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            self.state.is_stopping.store(true, Ordering::SeqCst);
            let _ = TcpStream::connect(("127.0.0.1", self.port));
            let _ = acceptor.join();
        }
    }
}

impl Drop for TapServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A server's end of a connection.
pub struct Tap {
    pub stream: TcpStream,
    /// The number of the connection, counted from 0.
    pub number: usize,
    state: Arc<State>,
}

impl Tap {
    /// Reads until the client closes.
    pub fn drain(&mut self) {
        while matches!(self.read(&mut [0; 4096]), Ok(1..)) {}
    }

    /// Makes dropping the connection reset it.
    pub fn reset(&mut self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.stream.read(buffer)?;
        self.state.wire.lock().unwrap().extend_from_slice(&buffer[..amount]);
        Ok(amount)
    }
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A server's end of a TLS connection.
pub struct TlsTap<'a> {
    pub session: ServerConnection,
    config: Arc<ServerConfig>,
    pub tap: &'a mut Tap,
}

impl Read for TlsTap<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = rustls::Stream::new(&mut self.session, self.tap).read(buffer)?;
        self.tap.state.plain.lock().unwrap().extend_from_slice(&buffer[..amount]);
        Ok(amount)
    }
}

impl Write for TlsTap<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        rustls::Stream::new(&mut self.session, self.tap).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        rustls::Stream::new(&mut self.session, self.tap).flush()
    }
}

impl TlsTap<'_> {
    /// Encrypts these bytes into records without sending them.
    pub fn records(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut records = Vec::new();
        self.session.writer().write_all(bytes).unwrap();
        while self.session.wants_write() {
            self.session.write_tls(&mut records).unwrap();
        }
        records
    }

    /// Completes the handshake.
    pub fn complete_handshake(&mut self) {
        while self.session.is_handshaking() && self.session.complete_io(self.tap).is_ok() {}
    }

    /// Asks for a client certificate after the handshake: by renegotiation in TLS 1.2, and by
    /// post-handshake authentication in TLS 1.3. From then on the session can neither read nor
    /// write; the returned writer sends further records.
    pub fn ask_for_certificate(&mut self) -> RecordWriter {
        self.ask_for_certificate_after(b"")
    }

    /// The same, together with these bytes before it.
    pub fn ask_for_certificate_after(&mut self, bytes: &[u8]) -> RecordWriter {
        self.complete_handshake();
        let mut records = self.records(bytes);
        let spare = ServerConnection::new(self.config.clone()).unwrap();
        let session = std::mem::replace(&mut self.session, spare);
        let mut writer = RecordWriter::new(session);
        let message: &[u8] = match writer.version {
            // HelloRequest (RFC 5246 section 7.4.1.1).
            ProtocolVersion::TLSv1_2 => &[0, 0, 0, 0],
            // CertificateRequest (RFC 8446 section 4.3.2): a context, and one signature algorithm.
            _ => &[13, 0, 0, 12, 1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3],
        };
        writer.send(&mut records, ContentType::Handshake, message);
        let _ = self.tap.write_all(&records);
        writer
    }

    /// Sends TLS's end of data.
    pub fn close_notify(&mut self) {
        self.session.send_close_notify();
        let _ = self.session.write_tls(self.tap);
    }
}

/// Encrypts records that a session of rustls would never send.
pub struct RecordWriter {
    version: ProtocolVersion,
    encrypter: Box<dyn MessageEncrypter>,
    sequence: u64,
}

impl RecordWriter {
    fn new(session: ServerConnection) -> Self {
        let suite = session.negotiated_cipher_suite().expect("a completed handshake");
        let (sequence, secrets) = session.dangerous_extract_secrets().unwrap().tx;
        let (key, iv) = match secrets {
            ConnectionTrafficSecrets::Aes128Gcm { key, iv }
            | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
            | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (key, iv),
            _ => panic!("an unknown cipher"),
        };
        let encrypter = match suite {
            SupportedCipherSuite::Tls12(suite) => {
                let fixed = suite.aead_alg.key_block_shape().fixed_iv_len;
                let (fixed, explicit) = iv.as_ref().split_at(fixed);
                suite.aead_alg.encrypter(key, fixed, explicit)
            }
            SupportedCipherSuite::Tls13(suite) => suite.aead_alg.encrypter(key, iv),
        };
        RecordWriter { version: suite.version().version, encrypter, sequence }
    }

    pub fn send(&mut self, to: &mut impl Write, typ: ContentType, payload: &[u8]) {
        let version = ProtocolVersion::TLSv1_2;
        let message =
            OutboundPlainMessage { typ, version, payload: OutboundChunks::Single(payload) };
        let record = self.encrypter.encrypt(message, self.sequence).unwrap().encode();
        self.sequence += 1;
        let _ = to.write_all(&record);
    }

    /// Ends the connection with the alert `handshake_failure`.
    pub fn send_failure(&mut self, to: &mut impl Write) {
        self.send(to, ContentType::Alert, &[2, 40]);
    }
}

/// Reads one request with a body of its Content-Length; `None` if the client closes first.
pub fn read_request(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if request.len() >= end + 4 + length {
                return Some(request);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(amount) => request.extend_from_slice(&buffer[..amount]),
        }
    }
}
