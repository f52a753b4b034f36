//! What every handler can reach. Never changes after the start, but for the flags of [`Health`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::Response;
use whatsapp_platform::Platform;

use crate::ServerSettings;
use crate::cursor::Cursors;
use crate::error::ApiError;

/// What an operator may ask beside the store.
#[derive(Debug, Default)]
pub struct Health {
    draining: AtomicBool,
    worker_lost: AtomicBool,
}

impl Health {
    /// No new work, please: we are about to end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }
    /// Whether we are about to end.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
    /// The background worker has ended although nobody asked it to.
    pub fn lose_worker(&self) {
        self.worker_lost.store(true, Ordering::SeqCst);
    }
    /// Whether the background worker is gone.
    #[must_use]
    pub fn has_lost_worker(&self) -> bool {
        self.worker_lost.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) platform: Platform,
    pub(crate) settings: ServerSettings,
    pub(crate) cursors: Cursors,
    pub(crate) openapi: String,
}

/// The state of the router.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Inner>);

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    pub(crate) fn new(platform: Platform, settings: ServerSettings) -> Self {
        let cursors = Cursors::new(&settings.session_secret);
        let openapi = crate::openapi::text();
        Self(Arc::new(Inner { platform, settings, cursors, openapi }))
    }
    /// The moment of this request.
    pub(crate) fn now(&self) -> whatsapp_core::Timestamp {
        self.platform.env().now()
    }
}

/// What a handler answers.
pub(crate) type Answer<T = Response> = Result<T, ApiError>;
