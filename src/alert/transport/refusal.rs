//! What a refusal means and how to fix it: one table, read from the top.

use super::smtp::{SmtpReply, Stage};
use crate::model::settings::SmtpTls;

/// What the server objects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    LoginNeedsTls,
    AppPassword,
    LoginDisabled,
    NoLoginHere,
    WrongLogin,
    HelloName,
    TlsWanted,
    LoginWanted,
    SendingLimit,
    MailboxFull,
    TooLarge,
    Sender,
    Relay,
    Greylisted,
    Reputation,
    Recipient,
    NoService,
    Letter,
    Other,
}

/// One row of the table. It matches when the stage, the code and one of the marks match; an empty
/// list always matches. Marks are enhanced status codes, or words in lower case.
struct Row {
    stages: &'static [Stage],
    codes: &'static [u16],
    marks: &'static [&'static str],
    objection: RefusalReason,
}

const LOGIN: &[Stage] = &[Stage::Login];
const HELLO: &[Stage] = &[Stage::Hello];
const SENDER: &[Stage] = &[Stage::Sender];
const RECIPIENT: &[Stage] = &[Stage::Recipient];
const LETTER: &[Stage] = &[Stage::Data, Stage::AfterBody];
const MAIL: &[Stage] = &[
    Stage::Sender,
    Stage::Recipient,
    Stage::Data,
    Stage::AfterBody,
];
const EARLY: &[Stage] = &[Stage::Greeting, Stage::Hello];

macro_rules! rows {
    ($($stages:expr, [$($code:literal),*], [$($mark:literal),*] => $objection:ident;)*) => {
        &[$(Row {
            stages: $stages,
            codes: &[$($code),*],
            marks: &[$($mark),*],
            objection: RefusalReason::$objection,
        }),*]
    };
}

const TABLE: &[Row] = rows! {
    LOGIN, [538], [] => LoginNeedsTls;
    LOGIN, [], ["5.7.11", "starttls", "encryption required", "requires encryption", "requires tls", "ssl required", "tls required", "plaintext authentication disallowed", "secure connection"] => LoginNeedsTls;
    LOGIN, [], ["5.7.9", "application-specific", "app password", "app-specific", "web browser", "authorization code", "授权码", "독립 비밀번호", "애플리케이션 비밀번호"] => AppPassword;
    LOGIN, [], ["5.7.139", "is disabled", "auth disabled", "basic authentication", "not enabled", "imap/smtp"] => LoginDisabled;
    LOGIN, [500, 502, 503, 504], [] => NoLoginHere;
    LOGIN, [], [] => WrongLogin;
    &[], [450, 501, 504, 550, 553, 554], ["helo", "ehlo", "need fully-qualified hostname", "fully qualified hostname"] => HelloName;
    HELLO, [501, 504], [] => HelloName;
    HELLO, [], ["domain name", "host name", "hostname"] => HelloName;
    &[], [523], [] => TlsWanted;
    &[], [], ["5.7.10", "starttls", "encryption required", "requires encryption", "requires tls", "tls required", "must use tls"] => TlsWanted;
    MAIL, [], ["5.4.5", "4.4.5", "4.7.28", "5.7.28", "5.7.705", "5.7.708", "5.1.90", "daily", "per day", "per hour", "sending quota", "sending limit", "send limit", "rate limit", "rate-limit", "ratelimit", "too many messages", "too many mails", "too many emails", "message limit", "frequency limited", "exceeded the maximum", "hourly"] => SendingLimit;
    MAIL, [], ["5.2.2", "4.2.2", "mailbox full", "mailbox is full", "over quota", "overquota", "out of storage", "mailbox quota"] => MailboxFull;
    RECIPIENT, [], ["quota"] => MailboxFull;
    MAIL, [], ["quota"] => SendingLimit;
    MAIL, [], ["5.3.4", "5.2.3", "message size", "too large", "too big", "size limit", "size exceeds"] => TooLarge;
    &[], [530], [] => LoginWanted;
    MAIL, [], ["5.7.23", "5.7.25", "5.7.26", "5.7.27", "dmarc", "dkim", "spf "] => Reputation;
    &[], [], ["5.7.57", "authentication required", "authentication is required", "authenticat", "auth required", "must be logged in", "not logged in", "log in first", "login first", "please log in", "authorization required", "smtp auth"] => LoginWanted;
    MAIL, [], ["5.1.7", "5.1.8", "4.1.8", "5.7.60", "sender address", "sender domain", "sender rejected", "sender denied", "sender verify", "sender is not", "invalid sender", "not owned by", "sendasdenied", "send as", "from address", "mail from must", "mail from address", "from domain", "envelope from", "sender not allowed"] => Sender;
    MAIL, [], ["5.7.54", "relay", "rcpthosts", "not a local", "only local"] => Relay;
    MAIL, [450, 451, 452], ["greylist", "graylist", "grey-list", "gray-list", "grey list", "4.7.1", "4.2.0", "try again", "try later", "come back", "retry in"] => Greylisted;
    &[], [], ["5.7.23", "5.7.25", "5.7.26", "5.7.27", "spam", "spf", "dkim", "dmarc", "blacklist", "black list", "blocklist", "block list", "blocked", "denylist", "listed", "reputation", "reverse", "ptr record", "policy"] => Reputation;
    RECIPIENT, [], [] => Recipient;
    MAIL, [], ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "user unknown", "unknown user", "no such user", "recipient"] => Recipient;
    SENDER, [], [] => Sender;
    LETTER, [], [] => Letter;
    EARLY, [], [] => NoService;
};

/// Our own settings, which the fix mentions.
#[derive(Debug, Clone, Copy)]
pub struct OwnMailSettings<'o> {
    pub user: Option<&'o str>,
    pub tls: SmtpTls,
    pub hello: &'o str,
}

/// What the server objects to in `stage`.
#[must_use]
pub fn objection(stage: Stage, reply: &SmtpReply) -> RefusalReason {
    let text = reply.text().to_lowercase();
    let enhanced = reply.enhanced();
    let marked = |mark: &&str| {
        if mark.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            enhanced == Some(*mark)
        } else {
            text.contains(*mark)
        }
    };
    TABLE
        .iter()
        .find(|row| {
            (row.stages.is_empty() || row.stages.contains(&stage))
                && (row.codes.is_empty() || row.codes.contains(&reply.code))
                && (row.marks.is_empty() || row.marks.iter().any(marked))
        })
        .map_or(RefusalReason::Other, |row| row.objection)
}

impl RefusalReason {
    /// Whether every other mail would be refused too.
    #[must_use]
    pub fn is_of_server(self) -> bool {
        matches!(
            self,
            Self::HelloName
                | Self::TlsWanted
                | Self::LoginWanted
                | Self::SendingLimit
                | Self::Sender
                | Self::NoService
        )
    }

    /// How to fix it.
    #[must_use]
    pub fn fix(self, ours: &OwnMailSettings<'_>) -> String {
        let fixed = match self {
            Self::HelloName => {
                return format!(
                    "the server does not take the name `{}` that it is greeted with: set [alerts] hello = \"mail.your.org\", a full host name that is in DNS",
                    ours.hello
                );
            }
            Self::LoginWanted => match ours.user {
                None => {
                    "this server wants a log-in: write transport = \"smtp://USER@HOST:PORT\" under [alerts] and set password = \"file:PATH\""
                }
                Some(_) => {
                    "the log-in does not suffice for this sender: set [alerts] from to the address of that user, or ask who runs the server"
                }
            },
            Self::Relay if ours.user.is_none() => {
                "the server sends to other domains only for who logs in: write transport = \"smtp://USER@HOST:PORT\" under [alerts] and set password = \"file:PATH\", or use your institution's own mail server"
            }
            Self::LoginNeedsTls | Self::TlsWanted if ours.tls == SmtpTls::None => {
                "this server wants TLS: take ?tls=none out of [alerts] transport"
            }
            _ => self.fixed(),
        };
        fixed.to_owned()
    }

    fn fixed(self) -> &'static str {
        match self {
            Self::LoginNeedsTls | Self::TlsWanted => {
                "this server wants another kind of TLS: write smtps://HOST:465 or smtp://HOST:587 under [alerts] transport"
            }
            Self::AppPassword => {
                "this account wants a password of its own for programs (an app password): make one in the account's settings, and put it where [alerts] password points"
            }
            Self::LoginDisabled => {
                "log-in by password is switched off for this account: ask who runs the server to allow SMTP AUTH for it, or use another mail server"
            }
            Self::NoLoginHere => {
                "the server knows no log-in on this port: use the submission port (587, or smtps:// and 465), or take the user out of [alerts] transport"
            }
            Self::WrongLogin => {
                "check the user under [alerts] transport and the secret that [alerts] password names"
            }
            Self::SendingLimit => {
                "the server limits how much this account may send in a period: the mails wait and are tried again; ask for a higher limit, or use another account"
            }
            Self::MailboxFull => "the reader's mailbox is full: reach the reader in another way",
            Self::TooLarge => "ask who runs the server to accept mails of this size",
            Self::Sender => {
                "set [alerts] from to an address that this server lets this user send as"
            }
            Self::Relay => {
                "this user may not send to that domain: ask who runs the server, or use your institution's own mail server"
            }
            Self::Greylisted => "many servers put off a sender they do not know yet",
            Self::Reputation => {
                "the server distrusts this computer or the sender's domain: send through your institution's own mail server with a log-in, or ask for SPF and DKIM to be set up"
            }
            Self::Recipient => "check that address, and that the server lets [alerts] from send",
            Self::NoService => {
                "the server accepts no mail from this computer: use the submission port (587) with a log-in, or ask who runs it to let this address in"
            }
            Self::Letter => "ask who runs the server why it does not accept this mail",
            Self::HelloName | Self::LoginWanted | Self::Other => {
                "ask who runs the server what it wants"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stage: Stage, said: &str, expected: RefusalReason) {
        let (code, text) = said.split_once(' ').unwrap();
        let reply = SmtpReply {
            code: code.parse().unwrap(),
            lines: vec![text.to_owned()],
        };
        assert_eq!(objection(stage, &reply), expected, "{stage:?} {said}");
    }

    use RefusalReason::*;
    use Stage::{AfterBody, Data, Greeting, Hello, Login, Recipient as Rcpt, Sender as From};

    const SAID: &[(Stage, &str, RefusalReason)] = &[
        (Login, "535 5.7.8 Error: authentication failed", WrongLogin),
        (Login, "538 5.7.11 Encryption required", LoginNeedsTls),
        (
            Login,
            "534 5.7.9 Application-specific password required",
            AppPassword,
        ),
        (Login, "535 Error: 请使用授权码登录", AppPassword),
        (
            Login,
            "535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
            LoginDisabled,
        ),
        (
            Login,
            "503 5.5.1 Error: authentication not enabled",
            LoginDisabled,
        ),
        (Login, "502 5.5.1 not implemented", NoLoginHere),
        (
            Rcpt,
            "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname",
            HelloName,
        ),
        (
            Rcpt,
            "450 4.7.1 <vm>: Helo command rejected: Host not found",
            HelloName,
        ),
        (
            Hello,
            "501 Syntactically invalid HELO argument(s)",
            HelloName,
        ),
        (Hello, "550 Access denied - Invalid HELO name", HelloName),
        (Hello, "501 5.5.4 Invalid domain name", HelloName),
        (
            From,
            "530 5.7.0 Must issue a STARTTLS command first",
            TlsWanted,
        ),
        (From, "530 5.7.0 Authentication required", LoginWanted),
        (
            From,
            "530 5.7.57 Client not authenticated to send mail",
            LoginWanted,
        ),
        (Rcpt, "550 5.7.1 <a@b>: not logged in", LoginWanted),
        (
            From,
            "550 5.4.5 Daily user sending quota exceeded",
            SendingLimit,
        ),
        (
            AfterBody,
            "554 5.2.0 too many messages per hour",
            SendingLimit,
        ),
        (Rcpt, "552 5.2.2 user is over quota", MailboxFull),
        (
            Rcpt,
            "452 4.2.2 The email account is over its quota",
            MailboxFull,
        ),
        (Data, "552 5.3.4 Message size exceeds fixed limit", TooLarge),
        (
            From,
            "553 5.7.1 <x@y>: Sender address rejected: not owned by user a",
            Sender,
        ),
        (
            From,
            "504 5.5.2 <root>: Sender address rejected: need fully-qualified address",
            Sender,
        ),
        (From, "553 Mail from must equal authorized user", Sender),
        (
            From,
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            Sender,
        ),
        (From, "550 no", Sender),
        (Rcpt, "554 5.7.1 <a@b>: Relay access denied", Relay),
        (
            Rcpt,
            "553 sorry, that domain isn't in my list of allowed rcpthosts",
            Relay,
        ),
        (Rcpt, "451 4.7.1 greylisted", Greylisted),
        (
            Rcpt,
            "450 4.2.0 <a@b>: Recipient address rejected: Greylisted",
            Greylisted,
        ),
        (
            Rcpt,
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen",
            Reputation,
        ),
        (
            AfterBody,
            "550 5.7.26 This mail is unauthenticated: DMARC policy",
            Reputation,
        ),
        (
            Rcpt,
            "550 5.1.1 <a@b>: Recipient address rejected: User unknown",
            Recipient,
        ),
        (AfterBody, "554 5.6.0 no", Letter),
        (Greeting, "554 no SMTP service here", NoService),
    ];

    #[test]
    fn each_refusal_has_its_meaning() {
        for (stage, said, expected) in SAID {
            check(*stage, said, *expected);
        }
    }
}
