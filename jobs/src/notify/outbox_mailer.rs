//! E-mail into a folder, for a Plummet without a mail server.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use store::DueNotification;

use super::mail_text::MailText;
use super::{DeliveryError, Notifier};

/// Writes each e-mail into `<notification id>.eml`. Sent twice, it is the same file.
#[derive(Clone, Debug)]
pub struct OutboxMailer {
    folder: PathBuf,
    text: MailText,
}

impl OutboxMailer {
    /// Into this folder, which is made when it is first needed.
    pub fn new(folder: PathBuf, text: MailText) -> Self {
        OutboxMailer { folder, text }
    }
}

#[async_trait]
impl Notifier for OutboxMailer {
    async fn send(&self, due: &DueNotification) -> Result<(), DeliveryError> {
        let mail = self.text.write(due)?.formatted();
        let (folder, id) = (self.folder.clone(), due.notification.id);
        let written = tokio::task::spawn_blocking(move || write_whole(&folder, &id.to_string(), &mail)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.failed(&error.to_string())),
            Err(_) => Err(self.failed("the writer stopped")),
        }
    }
}

impl OutboxMailer {
    fn failed(&self, why: &str) -> DeliveryError {
        let folder = self.folder.display();
        DeliveryError::Transient(format!(
            "could not write into the outbox `{folder}`: {why}; make room and check its permissions"
        ))
    }
}

/// Written aside, made durable, then renamed: nobody ever sees half a mail, and a crash leaves none.
fn write_whole(folder: &Path, name: &str, mail: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    std::fs::create_dir_all(folder)?;
    let aside = folder.join(format!(".{name}.tmp"));
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(mail)?;
    file.sync_all()?;
    std::fs::rename(&aside, folder.join(format!("{name}.eml")))
}
