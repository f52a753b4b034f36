//! Logs and figures of this process. Logs go to standard error; neither holds a body, a token, a cookie, a key,
//! a number or an address.

use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use whatsapp_core::SendState;

use crate::operations::READY;
use crate::realtime::SOCKETS;

/// What may become of an inbound event.
pub const OUTCOMES: [&str; 5] = ["applied", "duplicate", "raw", "unrouted", "quarantined"];

/// Installs the logger. A second call changes nothing.
pub fn install_logs(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        // A log that cannot be written (it lies on a full disk, perhaps) must not end what it tells of.
        .log_internal_errors(false);
    let installed = if json { logs.json().try_init() } else { logs.try_init() };
    // Somebody was faster: his logger is as good.
    drop(installed);
}

/// Installs the recorder of figures and makes every series that there will be stand at 0, so that a rate can be
/// computed from the first event on.
///
/// # Errors
/// When another recorder is installed already.
pub fn install_metrics() -> Result<PrometheusHandle, String> {
    let handle = PrometheusBuilder::new().install_recorder().map_err(|error| error.to_string())?;
    describe();
    Ok(handle)
}

fn describe() {
    metrics::describe_counter!(
        "whatsapp_inbound_events_total",
        "Webhook events by what became of them"
    );
    for outcome in OUTCOMES {
        metrics::counter!("whatsapp_inbound_events_total", "outcome" => outcome).absolute(0);
    }
    metrics::describe_counter!(
        "whatsapp_inbound_unknown_total",
        "What Meta told and this version does not know; it is kept raw"
    );
    metrics::counter!("whatsapp_inbound_unknown_total").absolute(0);
    metrics::describe_counter!(
        "whatsapp_outbound_messages_total",
        "Messages by the state they reached"
    );
    for state in SendState::ALL {
        metrics::counter!("whatsapp_outbound_messages_total", "state" => state.as_str())
            .absolute(0);
    }
    metrics::describe_gauge!(
        READY,
        "What `/readyz` looks at, as it was when it was last asked: 1 is well"
    );
    metrics::describe_gauge!(SOCKETS, "Consoles with an open live connection");
    metrics::gauge!(SOCKETS).set(0.0);
}
