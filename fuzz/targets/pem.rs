//! Certificates and keys: any text is either accepted, and a client can then be created with it, or
//! rejected with a clear error that contains nothing of the key.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, Error, ErrorKind, Outcome, TriggerRequest};

mod wire;

use wire::{End, Messages};

#[derive(Debug, Arbitrary)]
enum Part<'a> {
    Text(&'a str),
    /// A section with these bytes, so that mutations reach the DER inside.
    Section(Label, &'a [u8]),
    /// A valid section with some bytes changed.
    Real(u8, Vec<(u16, u8)>),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Label {
    Certificate,
    Pkcs8,
    Pkcs1,
    Sec1,
    Encrypted,
}

const REAL: [(Label, &str); 6] = [
    (Label::Certificate, include_str!("../../tests/fixtures/tls/ca.pem")),
    (Label::Certificate, include_str!("../../tests/fixtures/tls/client-ec.pem")),
    (Label::Certificate, include_str!("../../tests/fixtures/tls/client-rsa.pem")),
    (Label::Sec1, include_str!("../../tests/fixtures/tls/client-ec.sec1.key")),
    (Label::Pkcs1, include_str!("../../tests/fixtures/tls/client-rsa.pkcs1.key")),
    (Label::Pkcs8, include_str!("../../tests/fixtures/tls/client-rsa.pkcs8.key")),
];

impl Part<'_> {
    fn write(&self, text: &mut String) {
        match self {
            Part::Text(part) => *text += part,
            Part::Section(label, der) => section(text, *label, der),
            Part::Real(index, changes) => {
                let (label, pem) = REAL[usize::from(*index) % REAL.len()];
                let lines = pem.lines().skip_while(|line| !line.starts_with("-----BEGIN")).skip(1);
                let body: String = lines.take_while(|line| !line.starts_with("-----END")).collect();
                let mut der = BASE64_STANDARD.decode(body).unwrap();
                for (at, byte) in changes {
                    let at = usize::from(*at) % der.len();
                    der[at] = *byte;
                }
                section(text, label, &der);
            }
        }
    }
}

fn section(text: &mut String, label: Label, der: &[u8]) {
    let label = match label {
        Label::Certificate => "CERTIFICATE",
        Label::Pkcs8 => "PRIVATE KEY",
        Label::Pkcs1 => "RSA PRIVATE KEY",
        Label::Sec1 => "EC PRIVATE KEY",
        Label::Encrypted => "ENCRYPTED PRIVATE KEY",
    };
    let body = BASE64_STANDARD.encode(der);
    *text += &format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
}

fn check_error(error: &Error, names: &[&str], kinds: &[ErrorKind], texts: &[&str]) {
    let message = error.message();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(kinds.contains(&error.kind()), "{error:?}");
    assert!(names.iter().any(|name| message.starts_with(&format!("{name} "))), "{message}");
    assert!(message.len() < 300 && !message.chars().any(char::is_control), "{message:?}");
    // No word of the input that is long enough to reveal something is repeated.
    for word in texts.iter().flat_map(|text| text.split_ascii_whitespace()) {
        assert!(word.len() < 20 || !message.contains(word), "{message}");
    }
}

/// Checks that an accepted configuration is usable: the connection is the first thing that fails.
fn check_use(config: &mut Config) {
    config.set_retries(false);
    let client = Client::with_config(config).unwrap();
    // Closes after the first message of the handshake.
    wire::serve(|| Messages(vec![Vec::new(); 2], End::Close));
    let error = client.trigger_workflow(&TriggerRequest::new("w").unwrap()).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Tls));
    assert!(!error.message().contains("cannot be used"), "{error}");
    assert!(!wire::received().is_empty(), "{error}");
}

fn check(data: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let mut texts = [String::new(), String::new()];
    for text in &mut texts {
        for _ in 0..data.int_in_range(1..=3)? {
            Part::arbitrary(data)?.write(text);
        }
    }
    let [chain, key] = &texts;
    let mut config = Config::new(&format!("https://127.0.0.1:{}", wire::port()), "t").unwrap();
    config.set_proxy("direct").unwrap();
    match config.set_ca_pem(chain).and_then(|config| config.add_ca_pem(chain)) {
        Ok(_) => {
            assert!(chain.contains("-----BEGIN CERTIFICATE-----"));
            assert!(!chain.contains("\n-----BEGIN PRIVATE KEY-----\n"));
            check_use(&mut config);
        }
        Err(error) => check_error(&error, &["pem"], &[ErrorKind::CaPem], &[chain]),
    }
    let ca = include_str!("../../tests/fixtures/tls/ca.pem");
    config.set_ca_pem(ca).unwrap();
    match config.set_client_certificate_pem(chain, key) {
        Ok(_) => {
            assert!(key.contains("PRIVATE KEY-----"));
            check_use(&mut config);
        }
        Err(error) => {
            let kinds = [ErrorKind::ClientCertificate, ErrorKind::ClientKey];
            check_error(&error, &["chain_pem", "key_pem"], &kinds, &[chain, key]);
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
});
