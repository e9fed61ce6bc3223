//! Certificates as administrators make them with OpenSSL: a server's own certificate can be
//! trusted, and a message says what is wrong with any other in plain words.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use luma::Outcome::NotSent;
use luma::{Client, Config, Error, ErrorKind as E};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, ServerConfig};

use crate::support::openssl::{Folder, OpenSsl};
use crate::support::tls::{self, Identity, TapServer, TestCa, params_for};
use crate::support::{assert_accepted, config, failure, https, ok, skipped, trigger, trusting};

const P256: &str = "ec -pkeyopt ec_paramgen_curve:P-256";
const SAN: &str = "subjectAltName=DNS:localhost,IP:127.0.0.1";

/// A server with this chain and key.
pub fn served(chain: &str, key: &str) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = any_supported_type(&PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap();
    tls::serving(
        CertifiedKey::new(chain, key),
        WebPkiClientVerifier::no_client_auth(),
        ALL_VERSIONS,
    )
}

type Trust = fn(&mut Config, &Path) -> Result<(), Error>;

/// The ways to trust a certificate.
const WAYS: [Trust; 4] = [
    |config, path| config.set_ca_file(path).map(drop),
    |config, path| config.add_ca_file(path).map(drop),
    |config, path| config.set_ca_pem(&std::fs::read_to_string(path).unwrap()).map(drop),
    |config, path| config.add_ca_pem(&std::fs::read_to_string(path).unwrap()).map(drop),
];

#[test]
fn the_certificate_that_openssl_makes_for_a_server_can_be_trusted() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    let folder = Folder::new("own");
    for key in [P256, "rsa:2048", "ed25519"] {
        // With the usual configuration, this is a CA certificate.
        folder.run(&format!(
            "req -x509 -newkey {key} -nodes -keyout own.key -out own.pem -days 30 -subj \
             /CN=localhost -addext {SAN}"
        ));
        let (chain, key) = (folder.read("own.pem"), folder.read("own.key"));
        for way in WAYS {
            let server = TapServer::answering(served(&chain, &key), ok());
            let mut config = config(&https(server.port));
            way(&mut config, &folder.0.join("own.pem")).unwrap();
            assert_accepted(&Client::with_config(&config).unwrap());
        }
    }
}

/// The certificate need not be self-signed, and it may be that of a proxy.
#[test]
fn any_certificate_that_the_caller_trusts_is_accepted_from_its_server() {
    let ca = TestCa::new("A CA");
    let mut intermediate = params_for(&["127.0.0.1"]);
    intermediate.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for params in [params_for(&["127.0.0.1"]), intermediate] {
        for version in [&TLS12, &TLS13] {
            let own = ca.issue(&params);
            let (pem, _) = own.pem();
            let server = TapServer::answering(own.served(&[version]), ok());
            assert_accepted(&trusting(&https(server.port), &pem));
        }
        let own = ca.issue(&params);
        let (pem, _) = own.pem();
        let proxy = TapServer::tls(own.served(ALL_VERSIONS), |tls| {
            assert!(tls::read_request(tls).is_some_and(|request| request.starts_with(b"CONNECT")));
            tls.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").unwrap();
        });
        let mut config = config("https://acme.example");
        config.set_ca_pem(&pem).unwrap().set_proxy(&https(proxy.port)).unwrap();
        let error = failure(&Client::with_config(&config).unwrap());
        assert_eq!(error.kind(), E::ProxyFailed, "{error}");
    }
}

/// The message for a server with this certificate that a client does not trust.
#[track_caller]
fn rejected(tls: Arc<ServerConfig>, trusted: &str) -> String {
    let server = TapServer::answering(tls, ok());
    let error = failure(&trusting(&https(server.port), trusted));
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
    let seen = server.finish();
    assert!(seen.plain.is_empty());
    error.message().to_owned()
}

#[test]
fn a_trusted_certificate_must_be_valid_and_the_server_must_have_its_key() {
    let with = |change: fn(&mut CertificateParams)| {
        let mut params = params_for(&["127.0.0.1"]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "own");
        change(&mut params);
        params
    };
    let ca = TestCa::new("A CA");
    type Change = (fn(&mut CertificateParams), &'static str);
    let changes: [Change; 4] = [
        (
            |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1),
            "has expired: Mon, 01 Jan 2001",
        ),
        (|params| params.not_before = rcgen::date_time_ymd(2100, 1, 1), "is not valid yet"),
        (
            |params| params.subject_alt_names = params_for(&["acme.example"]).subject_alt_names,
            "is not valid for 127.0.0.1, only for acme.example",
        ),
        (
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
            "is not for servers",
        ),
    ];
    for (change, says) in changes {
        for own in [Identity::self_signed(&with(change)), ca.issue(&with(change))] {
            let (pem, _) = own.pem();
            let message = rejected(own.served(ALL_VERSIONS), &pem);
            assert!(message.contains(says), "{says}: {message}");
        }
        // The same without the mark of a CA.
        let mut params = with(change);
        params.is_ca = IsCa::NoCa;
        for own in [Identity::self_signed(&params), ca.issue(&params)] {
            let (pem, _) = own.pem();
            let message = rejected(own.served(ALL_VERSIONS), &pem);
            assert!(message.contains(says), "{says}: {message}");
        }
    }
    // A server that shows the certificate of another.
    let params = with(|_| {});
    let ((pem, _), (another, key)) =
        (Identity::self_signed(&params).pem(), Identity::self_signed(&params).pem());
    let message = rejected(served(&pem, &key), &pem);
    assert!(message.contains("does not have the private key of its certificate"), "{message}");
    // The same names and dates, but another key.
    let message = rejected(served(&another, &key), &pem);
    assert!(message.contains("is self-signed and not trusted"), "{message}");
    // The trusted certificate is only in the chain.
    let message = rejected(served(&format!("{another}{pem}"), &key), &pem);
    assert!(message.contains("is self-signed and not trusted"), "{message}");
}

/// Serves `NAME.pem`, followed by the chain, with OpenSSL, and returns the message of a client that
/// trusts `TRUSTED.pem`.
#[track_caller]
fn message_for(folder: &Folder, name: &str, chain: &[&str], trusted: &str, host: &str) -> String {
    let certificates: String =
        chain.iter().map(|name| folder.read(&format!("{name}.pem"))).collect();
    std::fs::write(folder.0.join("chain.pem"), certificates).unwrap();
    let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
    let mut arguments = vec!["-cert", &certificate, "-key", &key, "-cipher", "ALL:@SECLEVEL=0"];
    if !chain.is_empty() {
        arguments.extend(["-cert_chain", "chain.pem"]);
    }
    let server = OpenSsl::serve(&folder.0, &arguments);
    let url = server.url.replace("127.0.0.1", host);
    let error = trigger(&trusting(&url, &folder.read(&format!("{trusted}.pem")))).unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
    println!("{name}: {error}");
    error.message().to_owned()
}

const CA: &str = "basicConstraints=critical,CA:TRUE";

/// Makes `NAME.pem`, issued by another certificate.
fn issue(folder: &Folder, name: &str, key: &str, extensions: &[&str], issuer: &str) {
    folder.make(name, key, extensions, &format!("-CA {issuer}.pem -CAkey {issuer}.key"));
}

#[test]
fn the_flaw_of_a_server_s_certificate_is_named_in_plain_words() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    let folder = Folder::new("flaws");
    folder.make("ca", P256, &[CA], "");
    let explicit = format!("{P256} -pkeyopt ec_param_enc:explicit");
    for (name, key, extensions, host, says) in [
        (
            "address",
            P256,
            &["subjectAltName=DNS:127.0.0.1"][..],
            "127.0.0.1",
            "is not valid for 127.0.0.1: its subjectAltName has the address as a DNS name, but it \
             must be an IP address (IP:127.0.0.1 in openssl)",
        ),
        (
            "email",
            P256,
            &["subjectAltName=email:a@localhost,URI:https://localhost"],
            "localhost",
            "is not valid for localhost: it has no subjectAltName for any host",
        ),
        (
            "wildcards",
            P256,
            &["subjectAltName=DNS:*.acme.example,DNS:*"],
            "127.0.0.1",
            "is not valid for 127.0.0.1, only for *.acme.example, * (",
        ),
        ("plain", P256, &[], "localhost", "has X.509 version 1, which cannot name a host"),
        (
            "p521",
            "ec -pkeyopt ec_paramgen_curve:P-521",
            &[SAN],
            "localhost",
            "no common cipher suite, a certificate whose type of key is not supported, or",
        ),
        (
            "explicit",
            &explicit,
            &[SAN],
            "localhost",
            "the key of the server's certificate, EC with explicit curve parameters, is not \
             supported; supported are RSA with 2048 to 8192 bits, EC on P-256 or P-384, and",
        ),
        (
            "short",
            "rsa:1024",
            &[SAN],
            "localhost",
            "the server's certificate has a weak key: RSA with 1024 bits; at least 2048",
        ),
        (
            "critical",
            P256,
            &[SAN, "1.2.3.4=critical,ASN1:UTF8String:x"],
            "localhost",
            "has a critical extension (1.2.3.4) that is not supported",
        ),
    ] {
        issue(&folder, name, key, extensions, "ca");
        let message = message_for(&folder, name, &[], "ca", host);
        assert!(message.contains(says), "{says}: {message}");
        assert!(message.chars().count() < 300, "{message}");
    }
}

#[test]
fn the_flaw_of_a_ca_certificate_is_named_in_plain_words() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    let folder = Folder::new("ca-flaws");
    folder.make("ca", P256, &[CA], "");
    folder.make("other", P256, &[CA], "");
    issue(&folder, "not-a-ca", P256, &[SAN], "ca");
    let domain = "nameConstraints=critical,permitted;DNS:acme.example";
    issue(&folder, "for-a-domain", P256, &[CA, domain], "ca");
    let network = "nameConstraints=critical,excluded;IP:127.0.0.0/255.0.0.0";
    issue(&folder, "for-a-network", P256, &[CA, network], "ca");
    issue(&folder, "last", P256, &["basicConstraints=critical,CA:TRUE,pathlen:0"], "ca");
    issue(&folder, "beyond-last", P256, &[CA], "last");
    let may_not = "contains a name for which its CA may not issue certificates (name \
                   constraints); its names are localhost, 127.0.0.1";
    for (chain, trusted, says) in [
        (
            &["not-a-ca"][..],
            "ca",
            "was issued by a certificate that is not a CA certificate: \"not",
        ),
        (&["for-a-domain"], "ca", may_not),
        (&["for-a-network"], "ca", may_not),
        (
            &["beyond-last", "last"],
            "ca",
            "has a chain with more CA certificates than one of them allows",
        ),
        // A server that does not send its intermediate certificate, and a wrong CA.
        (&[], "ca", "has an untrusted issuer: \"last\" (trusted: \"ca\"); add that CA with"),
        (&["last"], "other", "has an untrusted issuer: \"ca\" (trusted: \"other\"); add that CA"),
    ] {
        let issuer = chain.first().unwrap_or(&"last");
        issue(&folder, "server", P256, &[SAN], issuer);
        let message = message_for(&folder, "server", chain, trusted, "localhost");
        assert!(message.contains(says), "{says}: {message}");
    }
    // A self-signed server is another mistake than a wrong CA.
    for extensions in [&[SAN][..], &[SAN, CA]] {
        folder.make("own", P256, extensions, "");
        let message = message_for(&folder, "own", &[], "other", "localhost");
        let says =
            "is self-signed and not trusted (trusted: \"other\"); if it is genuine, trust it";
        assert!(message.contains(says), "{message}");
    }
    let explicit = format!("{P256} -pkeyopt ec_param_enc:explicit");
    for (key, says) in [
        ("rsa:1024", "the trusted CA certificate \"weak\" has a weak key: RSA with 1024 bits"),
        ("ec -pkeyopt ec_paramgen_curve:P-521", "a CA whose key, EC on P-521, is not supported; "),
        ("ed448", "is signed with Ed448, which is not supported"),
        (&explicit, "a CA whose key, EC with explicit curve parameters, is not supported; "),
    ] {
        folder.make("weak", key, &[CA], "");
        issue(&folder, "server", P256, &[SAN], "weak");
        let message = message_for(&folder, "server", &[], "weak", "localhost");
        assert!(message.contains(says), "{says}: {message}");
        assert!(message.chars().count() < 300, "{message}");
    }
}

/// The commands in docs/tls-and-proxies.md. Windows writes the issuers first.
#[test]
fn a_pkcs_12_file_can_be_converted_with_openssl() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    let folder = Folder::new("pkcs12");
    folder.make("ca", P256, &[CA], "");
    for (key, options) in [(P256, ""), ("rsa:2048", " -legacy")] {
        issue(&folder, "client", key, &[SAN], "ca");
        std::fs::write(
            folder.0.join("all.pem"),
            folder.read("ca.pem") + &folder.read("client.pem"),
        )
        .unwrap();
        folder.run(&format!(
            "pkcs12 -export -in all.pem -inkey client.key -out client.pfx -passout pass:x{options}"
        ));
        let convert = format!("pkcs12 -in client.pfx -passin pass:x{options}");
        folder.run(&format!("{convert} -nokeys -clcerts -out chain.pem"));
        folder.run(&format!("{convert} -nokeys -cacerts -out issuers.pem"));
        folder.run(&format!("{convert} -nocerts -nodes -out key.pem"));
        let chain = folder.0.join("chain.pem");
        std::fs::write(&chain, folder.read("chain.pem") + &folder.read("issuers.pem")).unwrap();
        let mut config = config("https://acme.example");
        config.set_client_certificate_file(&chain, folder.0.join("key.pem")).unwrap();
        // A .pfx file itself is not accepted.
        let pfx = folder.0.join("client.pfx");
        let error = config.set_client_certificate_file(&pfx, &pfx).unwrap_err();
        assert_eq!(error.kind(), E::ClientCertificate);
        println!("{error}");
    }
}

#[track_caller]
fn assert_invalid<T: std::fmt::Debug>(result: Result<T, Error>, kind: E, says: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (NotSent, kind), "{error}");
    assert!(error.message().starts_with(says), "{says}: {error}");
}

#[test]
fn a_path_instead_of_a_text_and_the_reverse_are_named() {
    let (chain, key) = TestCa::new("A CA").issue(&params_for(&[])).pem();
    let mut config = config("https://acme.example");
    for path in ["/etc/ssl/ca.pem", "ca.PEM", "..\\ca", "C:\\ca.crt\r\n", " own.key ", "a/b"] {
        let says = "pem is a path, not PEM text; use set_ca_file or add_ca_file";
        assert_invalid(config.set_ca_pem(path), E::CaPem, says);
        assert_invalid(config.add_ca_pem(path), E::CaPem, says);
        let says = "chain_pem is a path, not PEM text; use set_client_certificate_file";
        let result = config.set_client_certificate_pem(path, &key);
        assert_invalid(result, E::ClientCertificate, says);
        let says = "key_pem is a path, not PEM text; use set_client_certificate_file";
        assert_invalid(config.set_client_certificate_pem(&chain, path), E::ClientKey, says);
    }
    // Not paths: the Base64 of a certificate, and other texts.
    let base64 = chain.lines().nth(1).unwrap();
    for text in [base64, "not PEM", "certificate", "a.\nb/c"] {
        assert_invalid(config.set_ca_pem(text), E::CaPem, "pem contains no certificate");
    }
    let says = "the path of the CA file is PEM text; use set_ca_pem or add_ca_pem";
    assert_invalid(config.set_ca_file(&chain), E::CaFile, says);
    assert_invalid(config.add_ca_file(&chain), E::CaFile, says);
    let result = config.set_client_certificate_file(&chain, &key);
    let says = "the path of the certificate file is PEM text; use set_client_certificate_pem";
    assert_invalid(result, E::ClientCertificate, says);
    // The message must not contain the key.
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("text-and-path.pem");
    std::fs::write(&path, &chain).unwrap();
    let result = config.set_client_certificate_file(&path, &key);
    let says = "the path of the key file is PEM text; use set_client_certificate_pem";
    assert_invalid(result, E::ClientKey, says);
}

#[test]
fn another_kind_of_pem_is_named() {
    let (_, key) = TestCa::new("A CA").issue(&params_for(&[])).pem();
    let mut config = config("https://acme.example");
    let request = key.replace("PRIVATE KEY", "CERTIFICATE REQUEST");
    let says = "pem contains no certificate (-----BEGIN CERTIFICATE-----), but -----BEGIN ";
    for (pem, label) in [(&request, "CERTIFICATE REQUEST-----"), (&key, "PRIVATE KEY-----")] {
        assert_invalid(config.set_ca_pem(pem), E::CaPem, &format!("{says}{label}"));
    }
}
