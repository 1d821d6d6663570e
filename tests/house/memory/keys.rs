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

const CHATS: TableDefinition<u64, &[u8]> = TableDefinition::new("chats");
const INVITES: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("invites");
const SEATS: TableDefinition<[u8; 41], &[u8]> = TableDefinition::new("seats");

/// An invite as it stands in the file: chat, participant, salt, memory, passes, greeting, envelope, tries,
/// waiting, who came in, slot.
type InviteRow = (u64, u8, [u8; 16], u32, u32, Vec<u8>, Vec<u8>, u32, u64, Option<u64>, u32);

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
            keys.add("a device's KEK", files.device_kek(held));
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
    seats: ReadOnlyTable<[u8; 41], &'static [u8]>,
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

    fn device_kek(&self, held: &Held) -> Key {
        derived(&[&secret(&held.device), &self.slot_key(self.slot)], b"parlour device envelope 1")
    }

    /// K, from a device's envelope.
    fn root(&self, held: &Held) -> Key {
        let device = hash(b"parlour device", &secret(&held.device));
        let rows = self.seats.iter().unwrap().map(|row| row.unwrap());
        let (key, row) = rows.into_iter().find(|(key, _)| key.value()[9..] == device).unwrap();
        let (_, envelope, _): (u64, Vec<u8>, Option<u64>) = record(row.value());
        let [chat @ .., participant] = *key.value().first_chunk::<9>().unwrap();
        opened(&self.device_kek(held), 2, chat, participant, &envelope)
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
        let slots = [self.slot_key(self.slot), self.slot_key(slot)];
        let lock = derived(&[&slots[0], &slots[1]], b"parlour invite slot 1");
        let kek = derived(&[&stretched, &token, &lock], b"parlour invite envelope 1");
        assert_eq!(opened(&kek, 1, chat.to_be_bytes(), participant, &envelope), *root);
        keys.add("a stretched code", stretched);
        keys.add("an invite's KEK", kek);
        keys.add("the key of a greeting", derived(&[&token], b"parlour greeting 1"));
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
fn opened(key: &Key, purpose: u8, chat: [u8; 8], participant: u8, envelope: &[u8]) -> Key {
    let mut place = [0; 36];
    (place[0], place[1], place[10]) = (1, purpose, participant);
    place[2..10].copy_from_slice(&chat);
    let (nonce, sealed) = envelope.split_first_chunk::<24>().unwrap();
    let payload = Payload { msg: sealed, aad: &place };
    let plain = XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).unwrap();
    plain.try_into().unwrap()
}
