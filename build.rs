//! Prepares the page: its style in it, one script, hashed names, and a .br and .gz beside each file.
//!
//! Reads `assets/` and writes `$OUT_DIR/assets`, which `http::assets` embeds (a debug build reads it from
//! there). What becomes of each file is decided in `build/bundle/`, with its tests.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

#[path = "build/bundle/mod.rs"]
mod bundle;

use bundle::Tree;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo:rustc-env=PARLOUR_BUILT={}", built()?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?).join("assets");
    let mut tree = Tree::new();
    gather(&root, &root, &mut tree)?;
    let bundle = bundle::bundle(&tree)?;
    println!("cargo:rustc-env=PARLOUR_STYLE=sha256-{}", BASE64.encode(&Sha256::digest(&bundle.style)));
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    for (name, content) in &bundle.files {
        write(&out.join(name), content)?;
    }
    Ok(())
}

/// When this is built, in milliseconds since 1970: no right clock is before it. A build that is to be the
/// same again says `SOURCE_DATE_EPOCH`, in seconds.
fn built() -> Result<u128, Box<dyn Error>> {
    match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => Ok(seconds.parse::<u128>()? * 1_000),
        Err(_) => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()),
    }
}

fn gather(root: &Path, folder: &Path, tree: &mut Tree) -> Result<(), Box<dyn Error>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name =
            path.strip_prefix(root)?.to_str().ok_or("an asset's name is not UTF-8")?.replace('\\', "/");
        if path.is_dir() {
            gather(root, &path, tree)?;
        } else {
            tree.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if extension == "png" {
        return Ok(()); // Its format is compressed.
    }
    for (ending, packed) in [("br", brotli(content)?), ("gz", gzip(content)?)] {
        if packed.len() < content.len() {
            fs::write(path.with_extension(format!("{extension}.{ending}")), packed)?;
        }
    }
    Ok(())
}

fn brotli(mut content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut packed, &params)?;
    Ok(packed)
}

/// As small as gzip can be: what browsers take over plain HTTP, which is how most houses run.
fn gzip(content: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, content, &mut packed)?;
    Ok(packed)
}
