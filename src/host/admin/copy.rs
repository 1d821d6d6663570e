//! A copy of the house on its way to the host: pieces of bytes, each behind a line that says how many.
//!
//! The store is read on a blocking thread, which waits for whoever takes the pieces; between both are a few
//! pieces and no more. A host who takes none for long is given up.

use std::io::{self, BufWriter, Write};

use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use crate::limits::{ADMIN_PATIENCE, COPY_PIECE_BYTES, COPY_PIECES_MAX};
use crate::protocol::admin::{self, Done, Line, Refused};
use crate::store::{BackupError, Store};

/// Sends all of it, and a last line that says so, or why there is no more.
pub async fn send(stream: &mut UnixStream, store: &Store) {
    let (pieces, taken) = channel(COPY_PIECES_MAX);
    let store = store.clone();
    let reading = tokio::task::spawn_blocking(move || hand_out(&store, pieces));
    if forward(stream, taken).await.is_err() {
        // The host broke off: the reading thread finds nobody who takes its pieces, and ends.
        return;
    }
    let line = match reading.await {
        Ok(Ok(())) => admin::write(&Line::Done(Done {})),
        Ok(Err(error)) => refused(&error.to_string()),
        Err(_) => refused("reading the store has failed"),
    };
    drop(timeout(ADMIN_PATIENCE, stream.write_all(line.as_bytes())).await);
}

fn refused(detail: &str) -> String {
    let (code, detail) = ("failed".to_owned(), detail.to_owned());
    admin::write(&Line::<()>::Refused(Refused { code, detail }))
}

fn hand_out(store: &Store, pieces: Sender<Vec<u8>>) -> Result<(), BackupError> {
    let mut out = BufWriter::with_capacity(COPY_PIECE_BYTES, Pieces(pieces));
    store.backup(&mut out)?;
    out.flush().map_err(BackupError::Output)
}

async fn forward(stream: &mut UnixStream, mut taken: Receiver<Vec<u8>>) -> io::Result<()> {
    while let Some(piece) = taken.recv().await {
        let line = admin::write(&Line::<()>::Bytes(piece.len() as u64));
        timeout(ADMIN_PATIENCE, async {
            stream.write_all(line.as_bytes()).await?;
            stream.write_all(&piece).await
        })
        .await??;
    }
    Ok(())
}

/// What is written goes to whoever takes the pieces.
struct Pieces(Sender<Vec<u8>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
