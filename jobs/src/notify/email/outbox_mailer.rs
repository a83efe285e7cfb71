//! E-mail into a folder, for a Plummet without a mail server.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{MailText, Mailer, Recipient};
use crate::notify::{DeliveryError, Letter};

/// Writes each e-mail into `<letter id>.eml`. Sent twice, it is the same file.
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
impl Mailer for OutboxMailer {
    async fn send(&self, to: &Recipient, letter: &Letter) -> Result<(), DeliveryError> {
        let mail = self.text.write(to, letter)?.formatted();
        // A person may have several addresses: each its file.
        let name = if to.address == letter.user.email { letter.id.clone() } else { format!("{}.{}", letter.id, to.channel) };
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write_whole(&folder, &name, &mail)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.failed(&error.to_string())),
            Err(_) => Err(self.failed("the writer stopped")),
        }
    }

    fn host(&self) -> &str {
        "outbox"
    }
}

impl OutboxMailer {
    fn failed(&self, why: &str) -> DeliveryError {
        let folder = self.folder.display();
        DeliveryError::transient(format!(
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
