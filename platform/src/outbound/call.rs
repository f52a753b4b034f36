//! The call to Meta for one begun message, and what its answer means for the ledger. Nothing is retried here:
//! a line goes back into the queue only with proof that Meta did not accept.

use whatsapp_cloud::message::ProductPolicy;
use whatsapp_cloud::pace::pair_wait;
use whatsapp_cloud::usage::Usage;
use whatsapp_cloud::{Access, CloudError, MarketingOptions, Situation};
use whatsapp_core::campaign::Route;
use whatsapp_core::send::{DeliveryStatus, SendError};
use whatsapp_core::{Classified, Env, Span, Timestamp};
use whatsapp_storage::repo::{AttemptRef, Learnt, Lesson};

use super::batch::Begun;
use super::line::Line;
use crate::platform::Inner;

/// So often a message is tried that Meta certainly did not take.
const TRIES: i64 = 8;

/// What an answer means beyond its own line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Nothing.
    Quiet,
    /// Everything slower, and nothing more for so long.
    SlowDown(Span),
    /// This person got too much.
    PairRate,
    /// The channel must be connected anew.
    Disconnect(SendError),
    /// The channel must not send for now.
    PauseChannel(SendError),
    /// Campaigns with this template must not go on.
    PauseTemplate(SendError),
    /// This person wants no marketing.
    OptOut,
}

/// The answer to one call.
pub(super) struct Outcome {
    pub(super) begun: Begun,
    pub(super) learnt: Learnt,
    pub(super) signal: Signal,
    /// How much of what is allowed was used, where Meta said so.
    pub(super) usage: Usage,
}

/// Sends one message and says what was learnt.
pub(super) async fn send(inner: &Inner, access: &Access, line: &Line, begun: Begun) -> Outcome {
    let answer = match begun.route {
        Route::Usual | Route::Fallback => inner.cloud.send(access, &begun.message).await,
        // Meta must not take the usual way instead: it was tried, and the report names the way.
        Route::Marketing => {
            let options = MarketingOptions::default().policy(ProductPolicy::Strict);
            inner.cloud.send_marketing(access, &begun.message, options).await
        }
    };
    let now = inner.env.now();
    line.ended(&inner.env, &answer);
    let usage = answer.as_ref().map_or_else(|_| Usage::default(), |sent| sent.usage);
    let (what, signal) = match answer {
        Ok(sent) => (
            Lesson::Status {
                status: DeliveryStatus::Accepted,
                wamid: Some(sent.wamid),
                error: None,
            },
            Signal::Quiet,
        ),
        Err(error) => judge(&error, begun.tries, begun.campaign.is_some(), (&inner.env, line)),
    };
    Outcome {
        learnt: Learnt { of: AttemptRef::Attempt(begun.attempt), what, at: now },
        begun,
        signal,
        usage,
    }
}

/// What is known of a message that was begun and never sent: Meta certainly does not have it.
pub(super) fn unsent(begun: Begun, now: Timestamp) -> Outcome {
    let error = SendError {
        code: "NOT_SENT".into(),
        message: "When its moment came it could not go out any more: nothing was sent.".into(),
    };
    let what = Lesson::NotAccepted { not_before: now, error };
    Outcome {
        learnt: Learnt { of: AttemptRef::Attempt(begun.attempt), what, at: now },
        begun,
        signal: Signal::Quiet,
        usage: Usage::default(),
    }
}

fn judge(
    error: &CloudError,
    tries: i64,
    campaign: bool,
    (env, line): (&Env, &Line),
) -> (Lesson, Signal) {
    let now = env.now();
    let reason = reason(error);
    let later = |wait: Span| Lesson::NotAccepted { not_before: now + wait, error: reason.clone() };
    let fail = || Lesson::Status {
        status: DeliveryStatus::Failed,
        wamid: None,
        error: Some(reason.clone()),
    };
    if !error.proof_not_accepted() {
        return (Lesson::Doubtful, Signal::Quiet);
    }
    let again = |wait: Span| {
        if tries + 1 >= TRIES { fail() } else { later(wait) }
    };
    // A campaign's people wait until a person has mended the channel; whoever writes by hand is told at once.
    let hold = || if campaign { later(Span::ZERO) } else { fail() };
    match error {
        CloudError::RateLimited { after, .. } => (later(*after), Signal::SlowDown(*after)),
        CloudError::PairRate { after, .. } => {
            let refusals = u32::try_from(tries).unwrap_or(u32::MAX).saturating_add(1);
            (again((*after).max(pair_wait(refusals))), Signal::PairRate)
        }
        CloudError::Temporary { after, .. } => {
            (again((*after).max(line.again_after(env, tries))), Signal::Quiet)
        }
        // No message is to blame for a line that is down: it waits as long as it may still go out.
        CloudError::Unreachable { .. } => (later(line.again_after(env, tries)), Signal::Quiet),
        CloudError::Token(_) => (hold(), Signal::Disconnect(reason.clone())),
        CloudError::Account(_) => (hold(), Signal::PauseChannel(reason.clone())),
        CloudError::Template(_) => (fail(), Signal::PauseTemplate(reason.clone())),
        _ => {
            let stopped =
                error.explanation().is_some_and(|e| e.situation == Situation::MarketingStopped);
            (fail(), if stopped { Signal::OptOut } else { Signal::Quiet })
        }
    }
}

/// The ledger's words for an answer of Meta's.
fn reason(error: &CloudError) -> SendError {
    let advice = error.explanation().map(|e| e.advice).unwrap_or_default();
    SendError {
        code: error.code().into_owned(),
        message: format!("{error} {advice}").trim().chars().take(500).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whatsapp_cloud::ProviderError;

    fn judged(error: &CloudError, tries: i64, campaign: bool) -> (Lesson, Signal) {
        judge(error, tries, campaign, (&Env::system(), &Line::default()))
    }

    fn provider(code: i64) -> CloudError {
        CloudError::from_provider(ProviderError { code, ..ProviderError::default() }, None)
    }

    #[test]
    fn only_proof_puts_a_message_back_into_the_queue() {
        let lost = CloudError::Ambiguous { reason: "reset".into(), http_status: None };
        assert!(matches!(judged(&lost, 0, true), (Lesson::Doubtful, Signal::Quiet)));
        for code in [130_429, 131_056, 2] {
            assert!(
                matches!(judged(&provider(code), 0, true).0, Lesson::NotAccepted { .. }),
                "{code}"
            );
        }
    }

    #[test]
    fn a_pair_waits_four_times_as_long_with_each_refusal_and_at_least_six_seconds() {
        for (tries, seconds) in [(0, 6), (1, 16), (2, 64), (3, 256)] {
            let before = Env::system().now();
            let (lesson, signal) = judged(&provider(131_056), tries, true);
            let wait = Span::seconds(seconds);
            assert!(
                matches!(lesson, Lesson::NotAccepted { not_before, .. } if not_before >= before + wait)
            );
            assert_eq!(signal, Signal::PairRate);
        }
    }

    #[test]
    fn an_expired_token_disconnects_and_keeps_the_campaign_s_people() {
        let (lesson, signal) = judged(&provider(190), 0, true);
        assert!(matches!((lesson, signal), (Lesson::NotAccepted { .. }, Signal::Disconnect(_))));
        let (lesson, _) = judged(&provider(190), 0, false);
        assert!(matches!(lesson, Lesson::Status { status: DeliveryStatus::Failed, .. }));
    }

    #[test]
    fn a_line_that_is_down_fails_no_message() {
        let down = CloudError::Unreachable { reason: "refused".into() };
        let (lesson, _) = judged(&down, TRIES * 3, false);
        assert!(matches!(lesson, Lesson::NotAccepted { .. }));
    }

    #[test]
    fn trying_ends() {
        let (lesson, _) = judged(&provider(2), TRIES - 1, false);
        assert!(matches!(lesson, Lesson::Status { status: DeliveryStatus::Failed, .. }));
    }
}
