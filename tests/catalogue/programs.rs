//! Real peers: nginx in front of a gateway, squid and tinyproxy as proxies.

use std::fs;
use std::sync::{Arc, OnceLock};

use luma::Client;
use luma_simulator::Simulator;

use crate::peers::{Order, Peer, gateway, in_front_of};
use crate::support::certificates::{RSA_1024, RSA_1024_CA, RSA_1024_KEY};
use crate::support::programs::{self, Program, command, start};
use crate::support::tls::{TestCa, params_for};
use crate::support::{TOKEN, request};

const TESTS: &str = "cases of the fault catalogue";

/// nginx with TLS, these settings, and this content of its `location`, in front of a gateway.
fn nginx_with(settings: &str, location: &str, ca: &str, identity: &str) -> Result<Running, String> {
    let simulator = gateway();
    let (program, port, _) = start("nginx", TESTS, |port, folder| {
        let folder = folder.display();
        let file = |name: &str, content: &str| {
            let path = format!("{folder}/{name}");
            fs::write(&path, content).unwrap();
            path
        };
        let identity = file("identity.pem", identity);
        let ca = file("ca.pem", ca);
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {folder};\n"))
            .concat();
        let settings = settings.replace("CLIENTS_CA", &ca);
        let location = location.replace("GATEWAY", simulator.url());
        let configuration = file(
            "nginx.conf",
            &format!(
                "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\n\
                 events {{ worker_connections 64; }}\n\
                 http {{\naccess_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port} ssl;\n\
                 ssl_certificate {identity};\nssl_certificate_key {identity};\n{settings}\n\
                 location / {{\n{location}\n}}\n}}\n}}\n"
            ),
        );
        let mut command = command("nginx");
        command.args(["-e", "stderr", "-p", &folder.to_string(), "-c", &configuration]);
        command
    })?;
    let order = Order::at(format!("https://localhost:{port}"));
    Ok(Running { simulator, order, program })
}

struct Running {
    simulator: Simulator,
    order: Order,
    program: Program,
}

const TO_GATEWAY: &str = "proxy_pass GATEWAY;";

fn nginx_for_anybody(settings: &str, location: &str) -> Result<(Running, TestCa), String> {
    let ca = TestCa::new("The test's CA");
    let (certificate, key) = ca.issue(&params_for(&["localhost"])).pem();
    let mut running = nginx_with(settings, location, &ca.pem, &(certificate + &key))?;
    running.order.ca_pem = Some(ca.pem.clone());
    Ok((running, ca))
}

fn nginx(settings: &'static str, location: &'static str) -> Peer {
    Box::new(move || {
        let (running, _) = nginx_for_anybody(settings, location)?;
        Ok(in_front_of(running.simulator, running.order, running.program))
    })
}

/// nginx with these settings, in front of a gateway.
pub fn nginx_to_gateway(settings: &'static str) -> Peer {
    nginx(settings, TO_GATEWAY)
}

/// The same; the caller reads a workflow history.
pub fn nginx_to_run(settings: &'static str) -> Peer {
    Box::new(move || {
        let (mut running, _) = nginx_for_anybody(settings, TO_GATEWAY)?;
        let client = Client::new(running.simulator.url(), TOKEN).unwrap();
        let trigger = client.trigger_workflow(&request()).unwrap();
        running.order.trigger_id = Some(trigger.trigger_id().to_owned());
        Ok(in_front_of(running.simulator, running.order, running.program))
    })
}

/// nginx that requires a client certificate, and a client that has one.
pub fn nginx_for_clients(settings: &'static str) -> Peer {
    Box::new(move || {
        let requirement = "ssl_verify_client on; ssl_client_certificate CLIENTS_CA;";
        let (mut running, ca) =
            nginx_for_anybody(&format!("{settings} {requirement}"), TO_GATEWAY)?;
        running.order.client = Some(ca.issue(&params_for(&["client.test"])).pem());
        Ok(in_front_of(running.simulator, running.order, running.program))
    })
}

/// nginx with this content of its `location`.
pub fn nginx_at(location: &'static str) -> Peer {
    nginx("", location)
}

/// nginx with an RSA key of 1024 bits.
pub fn nginx_with_weak_key() -> Peer {
    Box::new(|| {
        let settings = "ssl_ciphers DEFAULT@SECLEVEL=0;";
        let mut running =
            nginx_with(settings, TO_GATEWAY, RSA_1024_CA, &[RSA_1024, RSA_1024_KEY].concat())?;
        running.order.ca_pem = Some(RSA_1024_CA.into());
        Ok(in_front_of(running.simulator, running.order, running.program))
    })
}

/// A gateway behind a proxy on this port, used with this user name and password.
fn through(port: u16, login: &str, keep: impl Sized + 'static) -> crate::peers::Running {
    let simulator = gateway();
    let order = Order::at(simulator.url()).through(format!("http://{login}127.0.0.1:{port}"));
    in_front_of(simulator, order, keep)
}

/// tinyproxy, which requires the user jdoe.
pub fn tinyproxy(login: &'static str) -> Peer {
    Box::new(move || {
        let (program, port) = programs::tinyproxy(TESTS)?;
        Ok(through(port, login, program))
    })
}

/// squid, which requires the user jdoe. It takes a second to start, so one serves all cases.
#[derive(Clone, Default)]
pub struct Squid(Arc<OnceLock<Started>>);

type Started = Result<(Program, u16), String>;

impl Squid {
    fn port(&self) -> Result<u16, String> {
        let squid = self.0.get_or_init(|| {
            let (program, port, _) = start("squid", TESTS, |port, folder| {
                let login = folder.join("login.sh");
                let script = "while read -r user password; do\n\
                              [ \"$user $password\" = 'jdoe s3cr3t' ] && echo OK || echo ERR\n\
                              done\n";
                fs::write(&login, script).unwrap();
                let settings = format!(
                    "http_port 127.0.0.1:{port}\npid_filename none\ncache deny all\n\
                     access_log none\ncache_log /dev/stderr\ncoredump_dir {folder}\n\
                     shutdown_lifetime 0 seconds\npinger_enable off\n\
                     auth_param basic program /bin/sh {login}\n\
                     auth_param basic children 2 startup=1\n\
                     acl known proxy_auth REQUIRED\nacl forbidden port 9\n\
                     http_access deny forbidden\nhttp_access allow known\n\
                     http_access deny all\n",
                    folder = folder.display(),
                    login = login.display()
                );
                let file = folder.join("squid.conf");
                fs::write(&file, settings).unwrap();
                let mut command = command("squid");
                command.arg("-N").arg("-f").arg(file);
                command
            })?;
            Ok((program, port))
        });
        squid.as_ref().map(|squid| squid.1).map_err(Clone::clone)
    }

    pub fn to_gateway(&self, login: &'static str) -> Peer {
        let squid = self.clone();
        Box::new(move || Ok(through(squid.port()?, login, ())))
    }

    /// To another URL.
    pub fn to(&self, url: &'static str) -> Peer {
        let squid = self.clone();
        Box::new(move || {
            let proxy = format!("http://jdoe:s3cr3t@127.0.0.1:{}", squid.port()?);
            Ok(in_front_of(gateway(), Order::at(url).through(proxy), ()))
        })
    }
}
