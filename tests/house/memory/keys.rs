//! The keys of a chat, found out by somebody who has the files of the house, the links and the codes: from
//! `docs/sealing.md`, without any of the house's own code.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use data_encoding::{Encoding, Specification};
use hkdf::Hkdf;
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableDefinition};
use sha2::{Digest, Sha256};

use crate::support::house::Invited;
use crate::support::process::Premises;
use crate::support::visitor::Held;

type Key = [u8; 32];
/// A seat as it stands in the file: when it was entered, envelope, when it was last here, slot.
type SeatRow = (u64, Vec<u8>, Option<u64>, u32);

const CHATS: TableDefinition<u64, &[u8]> = TableDefinition::new("chats");
const INVITES: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("invites");
const SEATS: TableDefinition<[u8; 44], &[u8]> = TableDefinition::new("seats");

/// An invite as it stands in the file: chat, participant, salt, memory, passes, greeting, envelope, tries,
/// waiting, who came in, slot.
type InviteRow = (u64, u32, [u8; 16], u32, u32, Vec<u8>, Vec<u8>, u32, u64, Option<u64>, u32);

/// Every key that opens something of the chat. The slot keys are none: they stand in the files as they are.
pub struct Keys {
    pub named: Vec<(String, Key)>,
}

/// The house's alphabet.
pub fn crockford() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().unwrap()
}

impl Keys {
    /// Of the only chat of a house that is at rest.
    pub fn of(premises: &Premises, invited: &[Invited], held: &[Held]) -> Self {
        let copy = premises.copied();
        let files = Files::open(&copy);
        let root = files.root(&held[0]);
        let mut keys = Self { named: Vec::new() };
        keys.add("K", root);
        keys.add("the key of bodies", derived(&[&root], b"parlour bodies 1"));
        keys.add("the key of names", derived(&[&root], b"parlour names 1"));
        for held in held {
            keys.add("a device's KEK", files.device_kek(held).0);
            assert_eq!(files.root(held), root);
        }
        for invited in invited {
            files.add_invite(&mut keys, invited, &root);
        }
        keys
    }

    fn add(&mut self, name: &str, key: Key) {
        self.named.push((name.to_owned(), key));
    }
}

struct Files {
    invites: ReadOnlyTable<[u8; 32], &'static [u8]>,
    seats: ReadOnlyTable<[u8; 44], &'static [u8]>,
    slots: Vec<u8>,
    /// The chat's slot.
    slot: u32,
}

impl Files {
    fn open(premises: &Premises) -> Self {
        let database = Database::open(premises.data().join("parlour.redb")).unwrap();
        let transaction = database.begin_read().unwrap();
        let chats = transaction.open_table(CHATS).unwrap();
        let row = chats.first().unwrap().unwrap().1;
        let (_, slot): (u8, u32) = record(row.value());
        let slots = std::fs::read(premises.data().join("keys.slots")).unwrap();
        let (invites, seats) =
            (transaction.open_table(INVITES).unwrap(), transaction.open_table(SEATS).unwrap());
        Self { invites, seats, slots, slot }
    }

    fn slot_key(&self, number: u32) -> Key {
        let at = (number as usize + 1) * 64;
        self.slots[at..at + 32].try_into().unwrap()
    }

    /// The key that opens a device's envelope, its seat, and the envelope.
    fn device_kek(&self, held: &Held) -> (Key, [u8; 12], Vec<u8>) {
        let device = hash(b"parlour device", &secret(&held.device));
        let rows = self.seats.iter().unwrap().map(|row| row.unwrap());
        let (key, row) = rows.into_iter().find(|(key, _)| key.value()[12..] == device).unwrap();
        let (_, envelope, _, slot): SeatRow = record(row.value());
        let lock = self.joined(slot, b"parlour seat slot 1");
        let kek = derived(&[&secret(&held.device), &lock], b"parlour device envelope 1");
        (kek, *key.value().first_chunk().unwrap(), envelope)
    }

    /// K, from a device's envelope.
    fn root(&self, held: &Held) -> Key {
        let (kek, seat, envelope) = self.device_kek(held);
        opened(&kek, 2, seat, &envelope)
    }

    /// The chat's slot key with another.
    fn joined(&self, slot: u32, label: &[u8]) -> Key {
        derived(&[&self.slot_key(self.slot), &self.slot_key(slot)], label)
    }

    fn add_invite(&self, keys: &mut Keys, invited: &Invited, root: &Key) {
        let (token, code) = (secret(&invited.token), secret(&invited.code.replace('-', "")));
        let row = self.invites.get(hash(b"parlour invite", &token)).unwrap().unwrap();
        let (chat, participant, salt, kib, passes, _, envelope, .., slot): InviteRow = record(row.value());
        let params = Params::new(kib, passes, 1, Some(32)).unwrap();
        let mut stretched = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(&code, &salt, &mut stretched)
            .unwrap();
        let lock = self.joined(slot, b"parlour invite slot 1");
        let kek = derived(&[&stretched, &token, &lock], b"parlour invite envelope 1");
        let mut seat = [0; 12];
        seat[..8].copy_from_slice(&chat.to_be_bytes());
        seat[8..].copy_from_slice(&participant.to_be_bytes());
        assert_eq!(opened(&kek, 1, seat, &envelope), *root);
        keys.add("a stretched code", stretched);
        keys.add("an invite's KEK", kek);
        keys.add("the key of a greeting", derived(&[&token, &lock], b"parlour greeting 1"));
    }
}

fn secret(text: &str) -> Vec<u8> {
    crockford().decode(text.as_bytes()).unwrap()
}

/// A record behind the number of its version.
fn record<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> T {
    postcard::take_from_bytes(&bytes[1..]).unwrap().0
}

fn hash(label: &[u8], secret: &[u8]) -> Key {
    Sha256::new().chain_update(label).chain_update(secret).finalize().into()
}

fn derived(secrets: &[&[u8]], label: &[u8]) -> Key {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &secrets.concat()).expand(label, &mut key).unwrap();
    key
}

/// What is in an envelope for that purpose, which names version, purpose, chat and participant.
fn opened(key: &Key, purpose: u8, seat: [u8; 12], envelope: &[u8]) -> Key {
    let mut place = [0; 39];
    (place[0], place[1]) = (1, purpose);
    place[2..14].copy_from_slice(&seat);
    let (nonce, sealed) = envelope.split_first_chunk::<24>().unwrap();
    let payload = Payload { msg: sealed, aad: &place };
    let plain = XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).unwrap();
    plain.try_into().unwrap()
}
