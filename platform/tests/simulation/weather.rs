//! How Meta misbehaves.

use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule};
use whatsapp_core::Env;

/// How Meta misbehaves in this story.
pub(crate) fn weather(chance: &Env) -> Faults {
    let mut faults = Faults::default();
    let likely = |chance: &Env| chance.pick(&[0.0, 0.05, 0.15]).copied().unwrap_or_default();
    for fault in [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::StatusBefore { status: 502 },
        Fault::StatusAfter { status: 500 },
        Fault::refuse(131_026),
        Fault::refuse(130_429),
        Fault::refuse(131_056),
    ] {
        faults.rules.push(Rule::new(fault).on(Route::Messages).likely(likely(chance)));
    }
    // Meta holds people back, and does not take marketing by the usual way.
    let often = chance.pick(&[0.0, 0.15, 0.4]).copied().unwrap_or_default();
    faults.rules.push(Rule::new(Fault::Fail { code: 131_049 }).on(Route::Messages).likely(often));
    faults.rules.push(Rule::new(Fault::refuse(131_063)).on(Route::Messages).likely(likely(chance)));
    faults.webhooks.duplicate = likely(chance) * 2.0;
    faults.webhooks.disorder = likely(chance) * 2.0;
    faults.webhooks.late_statuses = likely(chance);
    faults.speed.sent_ms = [0, 60];
    faults.speed.delivered_ms = [0, 400];
    faults
}
