use std::net::Ipv4Addr;

use redb::ReadableTable;

use super::open;
use crate::domain::{Body, Caller, Command, Idle, MessageId, Names, Seq, Text};
use crate::limits::CHECKPOINT_MESSAGES;
use crate::store::error::StoreError;
use crate::store::redb::table_keys::message_key;
use crate::store::redb::tables::WriteTables;
use crate::store::rows::MessageRow;
use crate::store::{RealDisk, Span, Store};

/// Puts a message of a kind that this version does not know behind the first one.
fn put_of_another_kind(store: &Store, first: u128) -> Result<(), StoreError> {
    store.engine.with_database(|database| {
        let transaction = database.begin_write()?;
        let mut tables = WriteTables::open(&transaction)?;
        let bytes = tables.messages.get(first)?.ok_or("no message")?.value().to_vec();
        let mut row = MessageRow::from_bytes(&bytes)?;
        row.kind = 200;
        tables.messages.insert(first + 1, row.to_bytes().as_slice())?;
        drop(tables);
        Ok(transaction.commit()?)
    })
}

#[tokio::test]
async fn a_message_of_a_kind_that_is_not_known_fails_no_page() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), RealDisk);
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let anny = store.start(&names, Idle::Day, Caller::Host).await.unwrap().remove(0);
    let from = Ipv4Addr::LOCALHOST.into();
    let seat = store.enter(&anny.token, &anny.code, None, from).await.unwrap().seat;
    let body = Body::Text(Text::parse("hi".to_owned()).unwrap());
    store.submit(&seat, Command::Say { id: MessageId(1), draft: body.clone().into() }).await.unwrap();
    put_of_another_kind(&store, message_key(seat.id().chat, Seq(1))).unwrap();
    let page = store.page(&seat, Span::Newest, 100).await.unwrap();
    let bodies: Vec<_> = page.messages.into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, [body, Body::Unsupported]);
    assert_eq!(store.preview(&seat).await.unwrap().messages.len(), 2);
    store.close().await;
}

/// Puts what nobody can read in the place of a message.
fn damage(store: &Store, place: u128) -> Result<(), StoreError> {
    store.engine.with_database(|database| {
        let transaction = database.begin_write()?;
        WriteTables::open(&transaction)?.messages.insert(place, &[0xFF; 3][..])?;
        Ok(transaction.commit()?)
    })
}

#[tokio::test]
async fn the_first_command_of_a_chat_after_a_start_reads_what_came_after_its_checkpoint_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), RealDisk);
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let anny = store.start(&names, Idle::Day, Caller::Host).await.unwrap().remove(0);
    let entered = store.enter(&anny.token, &anny.code, None, Ipv4Addr::LOCALHOST.into()).await.unwrap();
    let (device, id) = (entered.new_device.unwrap(), entered.seat.id());
    let say = |number: u64| {
        let body = Body::Text(Text::parse("hi".to_owned()).unwrap());
        Command::Say { id: MessageId::new(7, number), draft: body.into() }
    };
    for number in 1..=CHECKPOINT_MESSAGES + 2 {
        store.submit(&entered.seat, say(number)).await.unwrap();
    }
    for (damaged, is_read) in [(1, false), (CHECKPOINT_MESSAGES, false), (CHECKPOINT_MESSAGES + 1, true)] {
        damage(&store, message_key(id.chat, Seq(damaged))).unwrap();
        store.close().await;
        drop(store);
        store = open(dir.path(), RealDisk);
        let seat = store.seat(&device, id).await.unwrap();
        // The newest one again: nothing is written for it.
        let repeated = store.submit(&seat, say(CHECKPOINT_MESSAGES + 2)).await;
        assert_eq!(repeated.is_err(), is_read, "{damaged}: {repeated:?}");
    }
}
