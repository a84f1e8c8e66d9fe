//! Digests of bytes, as reports and manifests write them.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to memory does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// SHA-256 of the bytes (FIPS 180-4), in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file in lower-case hexadecimal, a part of it in memory at a time.
///
/// # Errors
/// [`ErrorKind::Unreadable`](crate::error::ErrorKind::Unreadable) where it cannot be read.
#[cfg(feature = "bulk")]
pub fn of_file(path: &std::path::Path) -> crate::error::Result<String> {
    use std::io::Read;
    let mut file = std::fs::File::open(path).map_err(|e| crate::error::Error::io(path, e))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(crate::error::Error::io(path, error)),
        }
    }
    Ok(hex(&hasher.finalize()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_is_the_published_one() {
        // The first example of FIPS 180.
        assert_eq!(super::sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
