//! Ctrl-C: ends the call that is in progress, so that the command can say what is certain.

use std::sync::OnceLock;

use luma::Client;

static CLIENT: OnceLock<Client> = OnceLock::new();

/// Closes `client` when the user presses Ctrl-C or the system ends the program. Then its calls end
/// with their outcome, and later ones send nothing.
pub fn closes(client: &Client) {
    if CLIENT.set(client.clone()).is_err() {
        return;
    }
    // It fails only if there is a handler already.
    let _ = ctrlc::set_handler(|| {
        if let Some(client) = CLIENT.get() {
            client.close();
        }
    });
}
