//! `mail test`: a mail to every recipient, sent at once and not stored.

use crate::model::mail::QueuedMail;
use crate::text::clean;

use super::compose::test_mail;
use super::mail_context::MailContext;
use super::transport::Transport;

/// The results of the test mails, one line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestReport {
    pub sent: Vec<String>,
    pub failures: Vec<String>,
}

/// Composes and sends one test mail per recipient by the configured transport.
pub async fn send_test(context: &MailContext<'_>) -> TestReport {
    let mut report = TestReport::default();
    let alerts = &context.settings.alerts;
    let mut transport = match Transport::open(alerts, None) {
        Ok(transport) => transport,
        Err(error) => {
            report.failures.push(error.to_string());
            return report;
        }
    };
    for recipient in &alerts.to {
        let name = clean::line(&recipient.address, 200);
        let sent = match test_mail(context, recipient) {
            Ok(mail) => transport
                .send(&QueuedMail::fresh(mail, 0, context.now))
                .await
                .map_err(|e| e.of_test()),
            Err(error) => Err(error.to_string()),
        };
        match sent {
            Ok(Some(file)) => report
                .sent
                .push(format!("written for {name}: {}", file.display())),
            Ok(None) => report.sent.push(format!("sent to {name}")),
            Err(error) => report.failures.push(format!("not sent to {name}: {error}")),
        }
    }
    transport.close().await;
    report
}
