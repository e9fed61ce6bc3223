//! The TLS configuration of a client, created for its first connection.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use crate::log::LogLevel;
use crate::panic_points;

use super::background::{Background, SharedWork};
use super::context::CallContext;
use super::exchange::Fault;
use super::settings::Settings;
use super::tls::{SystemRoots, SystemStore, TlsClient};

pub(super) struct LazyTls {
    client: OnceLock<TlsClient>,
    system: SystemStore,
    /// Reads the system's certificates, which takes milliseconds, or much longer from a network
    /// drive. All calls wait for the same thread.
    loading: SharedWork<SystemRoots>,
}

impl LazyTls {
    /// Reads the environment, but no file yet.
    pub(super) fn new() -> Self {
        LazyTls {
            client: OnceLock::new(),
            system: SystemStore::from_environment(),
            loading: SharedWork::default(),
        }
    }

    /// Returns the configuration. A failure is not kept: the certificates may be readable the next
    /// time.
    pub(super) fn get(
        &self,
        settings: &Settings,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<&TlsClient, Fault> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let create = |system: Option<&SystemRoots>| {
            panic_points::pass("TLS is configured");
            let certificate = settings.client_certificate.clone();
            let client = TlsClient::new(&settings.trust_anchors, system, certificate)?;
            Ok(self.client.get_or_init(|| client))
        };
        if !SystemStore::IS_IN_FILES || !settings.trust_anchors.includes_system() {
            return create(None);
        }
        let loading = self.start_or_join(call)?;
        let doing = || format!("reading the CA certificates in {}", self.system);
        let client = loading.wait(deadline, call.cancellation, doing).and_then(|roots| {
            call.log(LogLevel::Debug, format_args!("read {roots} in {}", self.system));
            create(Some(roots))
        });
        self.loading.drop_ended();
        client
    }

    /// Joins the calls that wait for the certificates, or starts to read them.
    fn start_or_join(&self, call: &CallContext<'_>) -> Result<Arc<Background<SystemRoots>>, Fault> {
        let system = self.system.clone();
        let work = move || {
            panic_points::pass("the thread that reads CA certificates runs");
            Ok(system.load())
        };
        let canceller = call.cancellation.canceller().root();
        let loading = self.loading.start_or_join("luma-ca", canceller, |_| true, work);
        loading.map_err(|error| Fault::no_thread("reads the CA certificates", &error))
    }
}
