//! A copy of the house on its way to the host: chunks of bytes, each behind a line that says how many.
//!
//! The store is read on a blocking thread, which waits until the host takes the chunks; between both are a
//! few chunks and no more. A host who takes none for long is given up.

use std::io::{self, BufWriter, Write};

use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use crate::limits::{ADMIN_PATIENCE, BACKUP_CHUNK_BYTES, BACKUP_CHUNKS_MAX};
use crate::protocol::admin::{self, AdminLine, AdminRefusal, Done};
use crate::store::{BackupError, Store};

/// Sends all of it, and a last line that says so, or why there is no more.
pub async fn send(stream: &mut UnixStream, store: &Store) {
    let (chunks, taken) = channel(BACKUP_CHUNKS_MAX);
    let store = store.clone();
    let reading = tokio::task::spawn_blocking(move || hand_out(&store, chunks));
    if forward(stream, taken).await.is_err() {
        // The host broke off: the reading thread finds nobody who takes its chunks, and ends.
        return;
    }
    let line = match reading.await {
        Ok(Ok(())) => admin::write(&AdminLine::Done(Done {})),
        Ok(Err(error)) => AdminRefusal::new("failed", error.to_string()).line(),
        Err(_) => AdminRefusal::new("failed", "reading the store has failed").line(),
    };
    drop(timeout(ADMIN_PATIENCE, stream.write_all(line.as_bytes())).await);
}

fn hand_out(store: &Store, chunks: Sender<Vec<u8>>) -> Result<(), BackupError> {
    let mut out = BufWriter::with_capacity(BACKUP_CHUNK_BYTES, ChunkWriter(chunks));
    store.backup(&mut out)?;
    out.flush().map_err(BackupError::Output)
}

async fn forward(stream: &mut UnixStream, mut taken: Receiver<Vec<u8>>) -> io::Result<()> {
    while let Some(chunk) = taken.recv().await {
        let line = admin::write(&AdminLine::<()>::Bytes(chunk.len() as u64));
        timeout(ADMIN_PATIENCE, async {
            stream.write_all(line.as_bytes()).await?;
            stream.write_all(&chunk).await
        })
        .await??;
    }
    Ok(())
}

struct ChunkWriter(Sender<Vec<u8>>);

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
