//! Triggers with ureq, for benches/ureq.c: with default settings and serde_json.

mod minimal;

use std::env;
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

static CLIENT: OnceLock<Client> = OnceLock::new();

struct Client {
    agent: Agent,
    url: String,
    authorization: String,
}

fn setting(name: &str) -> String {
    env::var(name).expect(name)
}

#[unsafe(no_mangle)]
extern "C" fn ureq_open() {
    CLIENT.get_or_init(|| Client {
        agent: agent(),
        url: setting("BENCH_URL") + "/gateway/api/v1/workflow/trigger",
        authorization: format!("Bearer {}", setting("BENCH_TOKEN")),
    });
}

fn agent() -> Agent {
    let mut config = Agent::config_builder();
    if let Ok(path) = env::var("BENCH_CA") {
        let pem = fs::read(path).expect("BENCH_CA");
        let certificates = parse_pem(&pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        let roots = RootCerts::from(certificates);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    if env::var_os("BENCH_TIMEOUT").is_some() {
        config = config.timeout_global(Some(Duration::from_secs(30)));
    }
    config.build().into()
}

#[unsafe(no_mangle)]
extern "C" fn ureq_trigger() {
    let Client { agent, url, authorization } = CLIENT.get().expect("opened");
    let request = json!({
        "workflowIdentifier": "reset_password",
        "variables": { "notifyBy": "email", "userName": "jdoe" },
        "initiatorContactId": 4021,
        "initiatorApplicationId": -4,
        "initiationInfo": { "ticketIdentifier": "100-1" },
    });
    let mut response =
        agent.post(url).header("Authorization", authorization).send_json(request).expect("response");
    let envelope: Value = response.body_mut().read_json().expect("JSON");
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    assert!(envelope["status"] == "Success" && text(&envelope["statusLine"]));
    assert!(text(&envelope["resultData"]["executionConfig"]["triggerId"]));
}
