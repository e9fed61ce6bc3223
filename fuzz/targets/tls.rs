//! TLS from a server: records that are changed, inserted or cut, certificates that are changed, and
//! bytes that are not TLS. A request is sent only to a server with a valid certificate, and a
//! response counts only if nothing of the session was changed.
//!
//! An input is three bytes (version and flags, certificate, how the connection ends) and then
//! parts, which `~` separates, each with a letter: `c` changes bytes of the certificates, `s` bytes
//! of the stream, both as two bytes of position and one of value; `i` inserts into the stream at a
//! position, `x` cuts it there; `r` is the response; `w` is sent instead of TLS.
#![no_main]

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, Error, ErrorKind, Outcome, TriggerRequest};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, ServerConnection};

mod reference;
mod tree;
mod wire;

use wire::{Action, End, Peer};

const TOKEN: &str = "s3cr3t/0123456789-token";
const MAX_RESPONSE_BYTES: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(5);
/// Of a call whose server does not end the connection.
const SHORT_TIMEOUT: Duration = Duration::from_millis(100);
/// How late a call may end on a busy machine.
const GRACE: Duration = Duration::from_secs(3);
/// Types of records that may come at any time and change nothing (RFC 8446 section 5).
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/fixtures/tls/", $name)).as_slice()
    };
}

/// Chains and their keys. Only the first is valid.
const SERVERS: [(&[u8], &[u8]); 5] = [
    (fixture!("good.pem"), fixture!("server.key")),
    (fixture!("sha1.pem"), fixture!("server.key")),
    (fixture!("old.pem"), fixture!("server.key")),
    // Not its own key, which is too short for this server.
    (fixture!("weak.pem"), fixture!("server.key")),
    (fixture!("below-weak-issuer.pem"), fixture!("server.key")),
];

static ROOTS: LazyLock<Arc<RootCertStore>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(fixture!("ca.pem")).unwrap()).unwrap();
    Arc::new(roots)
});

#[derive(Debug)]
struct Served(Arc<CertifiedKey>);

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// Changes of bytes: positions and values.
type Changes = Vec<(usize, u8)>;

/// What is done to the bytes that a server sends.
#[derive(Clone, Default)]
struct Disturbance {
    changes: Changes,
    insertion: Option<(usize, Vec<u8>)>,
    cut: Option<usize>,
}

#[derive(Clone)]
struct Input {
    is_tls12: bool,
    asks_for_certificate: bool,
    closes_well: bool,
    certificate: usize,
    end: End,
    certificate_changes: Changes,
    disturbance: Disturbance,
    response: Vec<u8>,
    raw: Option<Vec<u8>>,
}

impl Input {
    fn parse(data: &[u8]) -> Option<Self> {
        let (&[flags, certificate, end], text) = data.split_first_chunk()?;
        let mut input = Input {
            is_tls12: flags & 1 != 0,
            asks_for_certificate: flags & 2 != 0,
            closes_well: flags & 4 == 0,
            certificate: usize::from(certificate.wrapping_sub(b'0')) % SERVERS.len(),
            end: match end {
                b'c' => End::Close,
                b'r' => End::Reset,
                b's' => End::Stall,
                _ => End::Wait,
            },
            certificate_changes: Vec::new(),
            disturbance: Disturbance::default(),
            response: Vec::new(),
            raw: None,
        };
        for part in text.split(|byte| *byte == b'~') {
            let Some((letter, rest)) = part.split_first() else { continue };
            let position = rest.first_chunk().map(|bytes| u16::from_be_bytes(*bytes).into());
            let (changes, _) = rest.as_chunks::<3>();
            let changes = changes
                .iter()
                .map(|[a, b, value]| (usize::from(u16::from_be_bytes([*a, *b])), *value));
            match letter {
                b'c' => input.certificate_changes.extend(changes),
                b's' => input.disturbance.changes.extend(changes),
                b'i' => {
                    input.disturbance.insertion = position.map(|at| (at, rest[2..].to_vec()));
                }
                b'x' => input.disturbance.cut = position,
                b'r' => input.response = rest.to_vec(),
                b'w' => input.raw = Some(rest.to_vec()),
                _ => {}
            }
        }
        Some(input)
    }

    /// Returns the server, and whether its certificate is valid.
    fn config(&self) -> (Arc<ServerConfig>, bool) {
        let (chain, key) = SERVERS[self.certificate];
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain).map(Result::unwrap).collect();
        let mut changed: Vec<Vec<u8>> = chain.iter().map(|der| der.to_vec()).collect();
        for (at, value) in &self.certificate_changes {
            let mut bytes = changed.iter_mut().flatten();
            if let Some(byte) = bytes.nth(*at) {
                *byte = *value;
            }
        }
        let is_valid = self.certificate == 0 && changed[0] == *chain[0];
        let key = PrivateKeyDer::from_pem_slice(key).unwrap();
        let key = ring::sign::any_supported_type(&key).unwrap();
        let changed = changed.into_iter().map(CertificateDer::from).collect();
        let provider = Arc::new(ring::default_provider());
        let versions = match self.is_tls12 {
            true => &[&rustls::version::TLS12],
            false => &[&rustls::version::TLS13],
        };
        let config = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(versions)
            .unwrap();
        let config = if self.asks_for_certificate {
            let verifier = WebPkiClientVerifier::builder_with_provider(ROOTS.clone(), provider);
            config.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
        } else {
            config.with_no_client_auth()
        };
        let served = Served(Arc::new(CertifiedKey::new(changed, key)));
        (Arc::new(config.with_cert_resolver(Arc::new(served))), is_valid)
    }
}

/// What happened, as far as the server knows.
#[derive(Default)]
struct Journal {
    connections: usize,
    request: Vec<u8>,
    has_responded: bool,
    /// True if something of the session was changed up to the end of the response.
    is_disturbed: bool,
}

struct Server {
    input: Input,
    session: ServerConnection,
    journal: Arc<Mutex<Journal>>,
    /// How much the server has sent, before it was disturbed.
    sent: usize,
    /// The position in the record that is being sent.
    in_record: usize,
    body_left: usize,
    header: [u8; 5],
}

impl Server {
    /// Disturbs a part of the stream. Returns true at the cut.
    fn disturb(&mut self, bytes: &[u8], journal: &mut Journal, output: &mut Vec<u8>) -> bool {
        let Disturbance { changes, insertion, cut } = self.input.disturbance.clone();
        for byte in bytes {
            if let Some((at, inserted)) = &insertion
                && *at == self.sent
                && !inserted.is_empty()
            {
                output.extend_from_slice(inserted);
                journal.is_disturbed |= !matches!(inserted[0], CHANGE_CIPHER_SPEC | ALERT);
            }
            if cut.is_some_and(|at| at <= self.sent) {
                journal.is_disturbed = true;
                return true;
            }
            let change = changes.iter().rfind(|(at, _)| *at == self.sent);
            let value = change.map_or(*byte, |(_, value)| *value);
            // No one checks the version in a record's header.
            journal.is_disturbed |= value != *byte && !matches!(self.in_record, 1 | 2);
            output.push(value);
            self.sent += 1;
            self.advance(*byte);
        }
        false
    }

    fn advance(&mut self, byte: u8) {
        if self.in_record < 5 {
            self.header[self.in_record] = byte;
            self.body_left = u16::from_be_bytes([self.header[3], self.header[4]]).into();
        } else {
            self.body_left -= 1;
        }
        self.in_record += 1;
        if self.in_record >= 5 && self.body_left == 0 {
            self.in_record = 0;
        }
    }

    /// Returns what the session has to send.
    fn output(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        while self.session.wants_write() {
            self.session.write_tls(&mut bytes).unwrap();
        }
        bytes
    }
}

impl Peer for Server {
    fn act(&mut self, mut received: &[u8]) -> Action {
        let journal = self.journal.clone();
        let mut journal = journal.lock().unwrap();
        if received.is_empty() {
            journal.connections += 1;
            return Action::default();
        }
        if let Some(raw) = &self.input.raw {
            journal.is_disturbed = true;
            return Action { bytes: raw.clone(), end: self.input.end };
        }
        while !received.is_empty() {
            if self.session.read_tls(&mut received).is_err() {
                break;
            }
            let Ok(state) = self.session.process_new_packets() else { break };
            let mut plain = vec![0; state.plaintext_bytes_to_read()];
            std::io::Read::read_exact(&mut self.session.reader(), &mut plain).unwrap();
            journal.request.extend_from_slice(&plain);
        }
        let mut output = Vec::new();
        let bytes = self.output();
        let mut is_cut = self.disturb(&bytes, &mut journal, &mut output);
        let mut end = End::Wait;
        if journal.request.ends_with(br#""variables":{}}"#) && !journal.has_responded {
            journal.has_responded = true;
            let response = self.input.response.clone();
            std::io::Write::write_all(&mut self.session.writer(), &response).unwrap();
            let bytes = self.output();
            is_cut = is_cut || self.disturb(&bytes, &mut journal, &mut output);
            let is_disturbed = journal.is_disturbed;
            if self.input.closes_well {
                self.session.send_close_notify();
                let bytes = self.output();
                is_cut = is_cut || self.disturb(&bytes, &mut journal, &mut output);
            }
            // What comes after the response changes nothing, unless only the end delimits it.
            journal.is_disturbed = is_disturbed;
            end = self.input.end;
        }
        Action { bytes: output, end: if is_cut { self.input.end } else { end } }
    }
}

fn check_error(error: &Error) {
    assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
    for text in [error.message(), &format!("{error:?}")] {
        assert!(
            !reference::contains_token(text, TOKEN) && !text.chars().any(char::is_control),
            "{text:?}"
        );
    }
    assert!(!error.message().is_empty() && error.message().len() < 2000, "{error}");
}

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let (server, is_valid) = input.config();
    let journal = Arc::new(Mutex::new(Journal::default()));
    let served = (input.clone(), journal.clone());
    wire::limit(0, 0, 0);
    wire::serve(move || Server {
        input: served.0.clone(),
        session: ServerConnection::new(server.clone()).unwrap(),
        journal: served.1.clone(),
        sent: 0,
        in_record: 0,
        body_left: 0,
        header: [0; 5],
    });
    let mut config = Config::new(&format!("https://127.0.0.1:{}", wire::port()), TOKEN).unwrap();
    let timeout = if input.end == End::Stall { SHORT_TIMEOUT } else { TIMEOUT };
    config.set_proxy("direct").unwrap().set_retries(false).set_timeout(timeout).unwrap();
    config.set_ca_pem(std::str::from_utf8(fixture!("ca.pem")).unwrap()).unwrap();
    config.set_max_response_bytes(MAX_RESPONSE_BYTES as u64).unwrap();
    let client = Client::with_config(&config).unwrap();
    let started = Instant::now();
    let result = client.trigger_workflow(&TriggerRequest::new("w").unwrap());
    assert!(started.elapsed() < timeout + GRACE, "{:?}", started.elapsed());
    drop(client);
    wire::connections();
    wire::close();

    let outcome = result.as_ref().map_or_else(Error::outcome, |_| Outcome::Accepted);
    if let Err(error) = &result {
        check_error(error);
    }
    let journal = journal.lock().unwrap();
    assert!(journal.connections <= 1);
    assert!(is_valid || journal.request.is_empty(), "sent to an unknown server");
    assert!(is_valid || outcome == Outcome::NotSent, "{result:?}");
    assert!(outcome != Outcome::NotSent || journal.request.is_empty(), "{result:?}");
    if !matches!(outcome, Outcome::Accepted | Outcome::Rejected) {
        return;
    }
    assert!(journal.has_responded && !journal.is_disturbed, "{result:?}");
    let whole = reference::whole_response(&input.response, false, MAX_RESPONSE_BYTES);
    let (status, body) = whole.expect("an outcome without a response");
    let expected = reference::expected(status, &body, TOKEN);
    assert!(expected.is_none_or(|expected| expected == outcome), "{result:?}");
});
