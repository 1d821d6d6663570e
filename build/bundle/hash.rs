//! Names files by their content, so that browsers may keep them for good.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Result, Tree};

/// Hexadecimal digits of a hash in a name: 48 bits tell a few hundred files apart.
const DIGITS: usize = 12;

/// The name of each file: `app/chat.0123456789ab.js` for `app/chat.js`.
pub fn names(files: &Tree) -> BTreeMap<String, String> {
    files.iter().map(|(file, content)| (file.clone(), name(file, content))).collect()
}

/// The name of one of them.
pub fn name(file: &str, content: &[u8]) -> String {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    format!("{stem}.{}.{extension}", &hash[..DIGITS])
}

/// `text`, which is that of `file`, with the new name in each `"assets/..."`.
pub fn rename(file: &str, text: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut parts = text.split("\"assets/");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('"').unwrap_or((part, ""));
        let name = names.get(reference);
        let name = name.ok_or_else(|| format!("assets/{file}: \"assets/{reference}\" leads to no file"))?;
        out.extend(["\"assets/", name, "\"", rest]);
    }
    Ok(out)
}
