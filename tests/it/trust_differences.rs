//! The table "Differences from curl and OpenSSL" in docs/tls-and-proxies.md: what OpenSSL and what
//! libluma says about the same certificates.

use std::process::Command;

use luma::ErrorKind as E;
use luma::Outcome::NotSent;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::support::openssl::{Folder, OpenSsl};
use crate::support::tls::{TapServer, TestCa, params_for};
use crate::support::{assert_accepted, https, ok, skipped, trigger, trusting};

const P256: &str = "ec -pkeyopt ec_paramgen_curve:P-256";
const P384: &str = "ec -pkeyopt ec_paramgen_curve:P-384";
const P521: &str = "ec -pkeyopt ec_paramgen_curve:P-521";
const BRAINPOOL: &str = "ec -pkeyopt ec_paramgen_curve:brainpoolP256r1";
const PSS_KEY: &str = "rsa-pss -pkeyopt rsa_keygen_bits:2048";
const CA: &str = "basicConstraints=critical,CA:TRUE";
const NO_CA: &str = "basicConstraints=critical,CA:FALSE";
const SAN: &str = "subjectAltName=DNS:localhost,IP:127.0.0.1";
const SIGNS_DATA: &str = "keyUsage=critical,digitalSignature";
const SIGNS_CERTIFICATES: &str = "keyUsage=critical,keyCertSign";
const PSS_20: &str = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20";

/// One certificate: its key, its extensions and further arguments of `openssl req`.
type Made = (&'static str, &'static [&'static str], &'static str);

/// A difference.
struct Row {
    name: &'static str,
    /// From the root to the server's certificate.
    chain: &'static [Made],
    openssl_accepts: bool,
    /// Nothing if libluma accepts the server.
    message: &'static str,
}

fn rows() -> Vec<Row> {
    let row = |name, chain, openssl_accepts, message| Row { name, chain, openssl_accepts, message };
    let accepted = |name, chain, message| row(name, chain, true, message);
    let stricter = |name, chain| row(name, chain, false, "");
    vec![
        // What OpenSSL accepts, and libluma does not.
        accepted(
            "a root on P-521",
            &[(P521, &[CA], ""), (P256, &[SAN], "")],
            "signed by a CA whose key, EC on P-521, is not supported; ",
        ),
        accepted(
            "a root on another curve",
            &[(BRAINPOOL, &[CA], ""), (P256, &[SAN], "")],
            "signed by a CA whose key, EC on brainpoolP256r1, is not supported; ",
        ),
        accepted(
            "a CA with an RSA-PSS key",
            &[(PSS_KEY, &[CA], ""), (P256, &[SAN], "")],
            "RSA-PSS",
        ),
        accepted(
            "RSA-PSS with a short salt",
            &[("rsa:2048", &[CA], ""), (P256, &[SAN], PSS_20)],
            "is signed with RSA-PSS, which is not supported",
        ),
        accepted(
            "ECDSA with SHA-512",
            &[(P384, &[CA], ""), (P256, &[SAN], "-sha512")],
            "is signed with ECDSA and SHA-512, which is not supported",
        ),
        accepted(
            "name constraints on URIs",
            &[
                (P256, &[CA, "nameConstraints=critical,permitted;URI:.acme.example"], ""),
                (P256, &["subjectAltName=DNS:localhost,URI:https://www.acme.example/"], ""),
            ],
            "an issuer with name constraints of a kind that is not supported: URIs; use a CA",
        ),
        accepted(
            "name constraints on email addresses",
            &[
                (P256, &[CA, "nameConstraints=critical,permitted;email:acme.example"], ""),
                (P256, &["subjectAltName=DNS:localhost,email:a@acme.example"], ""),
            ],
            "name constraints of a kind that is not supported: email addresses; use a CA",
        ),
        accepted(
            "a critical policy",
            &[(P256, &[CA], ""), (P256, &[SAN, "certificatePolicies=critical,1.2.3.4"], "")],
            "has a critical extension (2.5.29.32) that is not supported",
        ),
        accepted(
            "only a common name",
            &[(P256, &[CA], ""), (P256, &[SIGNS_DATA], "-subj /CN=localhost")],
            "a common name (CN) does not count",
        ),
        accepted(
            "an old extended key usage",
            &[(P256, &[CA], ""), (P256, &[SAN, "extendedKeyUsage=2.16.840.1.113730.4.1"], "")],
            "is not for servers: its extended key usage lacks serverAuth",
        ),
        accepted(
            "seven intermediate certificates",
            &[
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[CA], ""),
                (P256, &[SAN], ""),
            ],
            "has a chain that is too long or too complex",
        ),
        // What libluma accepts, and OpenSSL does not: a trust anchor is only its name, its key and
        // its name constraints.
        stricter(
            "a limit in the root",
            &[
                (P256, &["basicConstraints=critical,CA:TRUE,pathlen:0"], ""),
                (P256, &[CA], ""),
                (P256, &[SAN], ""),
            ],
        ),
        stricter(
            "a root for clients",
            &[(P256, &[CA, "extendedKeyUsage=clientAuth"], ""), (P256, &[SAN], "")],
        ),
        stricter("a root that is not a CA", &[(P256, &[NO_CA], ""), (P256, &[SAN], "")]),
        stricter("a root's key usage", &[(P256, &[CA, SIGNS_DATA], ""), (P256, &[SAN], "")]),
        stricter(
            "an intermediate's key usage",
            &[(P256, &[CA], ""), (P256, &[CA, SIGNS_DATA], ""), (P256, &[SAN], "")],
        ),
        stricter(
            "a server's key usage",
            &[(P256, &[CA], ""), (P256, &[SAN, SIGNS_CERTIFICATES], "")],
        ),
    ]
}

/// True if OpenSSL trusts the server's certificate, as curl has it checked: with any trusted
/// certificate as the root.
fn openssl_accepts(folder: &Folder, server: &str) -> bool {
    let arguments = "verify -auth_level 1 -partial_chain -purpose sslserver -verify_hostname \
                     localhost -CAfile 0.pem";
    let mut command = Command::new("openssl");
    command.args(arguments.split_whitespace()).current_dir(&folder.0);
    if !folder.read("chain.pem").is_empty() {
        command.args(["-untrusted", "chain.pem"]);
    }
    command.arg(server);
    command.output().unwrap().status.success()
}

/// Serves the certificate and returns the message of a client that trusts `0.pem`, or nothing if it
/// accepts the server.
fn libluma_says(folder: &Folder, server: &str) -> String {
    let (certificate, key) = (format!("{server}.pem"), format!("{server}.key"));
    let mut arguments = vec!["-cert", &certificate, "-key", &key, "-cipher", "ALL:@SECLEVEL=0"];
    if !folder.read("chain.pem").is_empty() {
        arguments.extend(["-cert_chain", "chain.pem"]);
    }
    let server = OpenSsl::serve(&folder.0, &arguments);
    let url = server.url.replace("127.0.0.1", "localhost");
    // After a successful handshake, the server waits for input.
    let mut client = crate::support::config(&url);
    client.set_ca_pem(&folder.read("0.pem")).unwrap();
    client.set_timeout(std::time::Duration::from_millis(700)).unwrap();
    let error = trigger(&luma::Client::with_config(&client).unwrap()).unwrap_err();
    if error.outcome() != NotSent {
        return String::new();
    }
    assert_eq!(error.kind(), E::Tls, "{error}");
    error.message().to_owned()
}

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn each_difference_from_openssl_is_the_documented_one() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    let mut wrong = Vec::new();
    for (number, row) in rows().iter().enumerate() {
        let folder = Folder::new(&format!("difference-{number}"));
        let mut chain = String::new();
        for (at, (key, extensions, more)) in row.chain.iter().enumerate() {
            let issuer = match at.checked_sub(1) {
                Some(issuer) => format!("-CA {issuer}.pem -CAkey {issuer}.key"),
                None => String::new(),
            };
            let more = [*more, &issuer].join(" ");
            folder.make(&at.to_string(), key, extensions, more.trim());
            if (1..row.chain.len() - 1).contains(&at) {
                chain = folder.read(&format!("{at}.pem")) + &chain;
            }
        }
        std::fs::write(folder.0.join("chain.pem"), chain).unwrap();
        let server = (row.chain.len() - 1).to_string();
        let openssl = openssl_accepts(&folder, &format!("{server}.pem"));
        let message = libluma_says(&folder, &server);
        println!("{}: OpenSSL accepts: {openssl}; libluma: {message}", row.name);
        let is_expected = match row.message {
            "" => message.is_empty(),
            says => message.contains(says),
        };
        if openssl != row.openssl_accepts || !is_expected {
            wrong.push(format!("{}: OpenSSL accepts: {openssl}; {message}", row.name));
        }
        // If a CA is the reason, the server's own certificate can be trusted.
        let causes = ["signed by", "signed with", "constraints", "chain that is too long"];
        if causes.iter().any(|cause| message.contains(cause)) {
            let own = folder.0.join(format!("{server}.pem"));
            std::fs::copy(own, folder.0.join("0.pem")).unwrap();
            let message = libluma_says(&folder, &server);
            if !message.is_empty() {
                wrong.push(format!("{}: trusted itself: {message}", row.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// OpenSSL compares directory names, webpki rejects them all.
#[test]
fn name_constraints_on_directory_names_are_not_supported() {
    if skipped::is_missing("openssl", "certificates of OpenSSL") {
        return;
    }
    // In the root, which is a trust anchor, and in an intermediate certificate.
    for at in [0, 1] {
        let folder = Folder::new(&format!("directory-names-{at}"));
        let config = format!(
            "[req]\ndistinguished_name=dn\n[dn]\n[ca]\n{CA}\n[limited]\n{CA}\nnameConstraints=\
             critical,permitted;dirName:acme\n[acme]\nO=Acme\n[server]\n{SAN}\n"
        );
        std::fs::write(folder.0.join("names.cnf"), config).unwrap();
        for number in 0..3 {
            let extensions = match number {
                2 => "server",
                _ if number == at => "limited",
                _ => "ca",
            };
            let issuer = match number {
                0 => String::new(),
                _ => format!(" -CA {0}.pem -CAkey {0}.key", number - 1),
            };
            folder.run(&format!(
                "req -config names.cnf -x509 -newkey {P256} -nodes -keyout {number}.key -out \
                 {number}.pem -days 30 -subj /O=Acme/CN={number} -extensions {extensions}{issuer}"
            ));
        }
        std::fs::write(folder.0.join("chain.pem"), folder.read("1.pem")).unwrap();
        assert!(openssl_accepts(&folder, "2.pem"));
        let message = libluma_says(&folder, "2");
        let says = "has an issuer with name constraints of a kind that is not supported: \
                    directory names (dirName); use a CA without them, or trust exactly the";
        assert!(message.contains(says), "{message}");
        // The advice works.
        std::fs::copy(folder.0.join("2.pem"), folder.0.join("0.pem")).unwrap();
        assert_eq!(libluma_says(&folder, "2"), "");
    }
}

/// The parameters of a CA that is valid until this year.
fn ca_until(year: i32) -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Old CA");
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    params
}

#[test]
fn an_expired_root_is_not_trusted() {
    let server = params_for(&["127.0.0.1"]);
    let ca = TestCa::from_params(ca_until(2020));
    let gateway = TapServer::answering(ca.issue(&server).served(rustls::ALL_VERSIONS), ok());
    let url = https(gateway.port);
    // Also if other CAs are trusted.
    for more in [String::new(), TestCa::new("Another CA").pem, TestCa::new("Old CA").pem] {
        let error = trigger(&trusting(&url, &(more + &ca.pem))).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        let says = "the trusted CA certificate \"Old CA\" has expired: Wed, 01 Jan 2020 00:00:00 \
                    GMT (local time: ";
        assert!(error.message().contains(says), "{error}");
        assert!(error.message().contains("; trust its successor with add_ca_file"), "{error}");
    }
    assert!(gateway.finish().plain.is_empty());
}

/// A CA is renewed with the same name and key, and programs trust both certificates for a while.
#[test]
fn the_successor_of_an_expired_root_is_trusted() {
    let key = KeyPair::generate().unwrap();
    let [old, new] = [2020, 2100].map(|year| ca_until(year).self_signed(&key).unwrap().pem());
    let issuer = Issuer::new(ca_until(2100), key);
    let server_key = KeyPair::generate().unwrap();
    let server = params_for(&["127.0.0.1"]).signed_by(&server_key, &issuer).unwrap().pem();
    let tls = crate::certificates::served(&server, &server_key.serialize_pem());
    let gateway = TapServer::answering(tls, ok());
    for pem in [format!("{old}{new}"), format!("{new}{old}"), new] {
        assert_accepted(&trusting(&https(gateway.port), &pem));
    }
    // An expired certificate that the chain does not need is ignored.
    let (ca, tls) = crate::support::tls::localhost();
    let gateway = TapServer::answering(tls, ok());
    let trusted = format!("{old}{}", ca.pem);
    assert_accepted(&trusting(&https(gateway.port), &trusted));
}
