//! The fake Graph server as a scenario holds it.

use serde_json::Value;

use crate::Outcome;
use crate::child::Process;
use crate::wire;

/// A running fake Graph server.
pub(crate) struct Graph {
    /// Ends when nobody holds it any more.
    _process: Process,
    pub(crate) address: String,
}

impl Graph {
    /// Starts one.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) async fn start() -> Outcome<Self> {
        let (process, address) = Process::role(&["graph"]).await?;
        Ok(Self { _process: process, address })
    }
    /// Tells it something: `reset`, `quota`, `weather`, `hooks`.
    ///
    /// # Errors
    /// When it does not understand.
    pub(crate) async fn order(&self, order: &str, what: &Value) -> Outcome {
        let (path, body) = (format!("/_load/{order}"), what.to_string());
        let reply = wire::once(&self.address, "POST", &path, "", body.as_bytes()).await?;
        match reply.status {
            200 => Ok(()),
            _ => Err(format!("{order}: {}", String::from_utf8_lossy(&reply.body)).into()),
        }
    }
    /// What it counted.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn stats(&self) -> Outcome<Value> {
        self.get("/_load/stats").await
    }
    /// Whom it accepted, with how often.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn accepted(&self) -> Outcome<Value> {
        self.get("/_load/accepted").await
    }
    async fn get(&self, path: &str) -> Outcome<Value> {
        let reply = wire::once(&self.address, "GET", path, "", b"").await?;
        Ok(serde_json::from_slice(&reply.body)?)
    }
}

/// A number in what was told.
pub(crate) fn number(told: &Value, pointer: &str) -> f64 {
    told.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN)
}
