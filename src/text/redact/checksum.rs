//! Checksums that tell secrets from chance: recovery phrases, cards, base58, base32.
//!
//! In: decoded words, digits or characters. Out: yes or no. Knows nothing of texts.

use sha2::{Digest, Sha256};

/// Returns true if and only if word numbers (0..2048) are a recovery phrase with a right checksum.
pub(super) fn is_phrase(words: &[u16]) -> bool {
    if !(12..=24).contains(&words.len()) || !words.len().is_multiple_of(3) {
        return false;
    }
    let mut bytes = [0_u8; 33];
    let mut filled = 0;
    let (mut pending, mut bits) = (0_u32, 0);
    for word in words {
        pending = pending << 11 | u32::from(word & 0x7FF);
        bits += 11;
        while bits >= 8 {
            bits -= 8;
            if let Some(byte) = bytes.get_mut(filled) {
                *byte = (pending >> bits) as u8;
            }
            filled += 1;
        }
        pending &= (1 << bits) - 1;
    }
    // Three words carry 33 bits, one of them checksum; at 24 words it fills the last byte.
    let checksum_bits = words.len() / 3;
    let entropy_len = words.len() / 3 * 4;
    let given = bytes.get(entropy_len).copied().filter(|_| bits == 0);
    let given = given.map_or(pending, u32::from);
    let Some(entropy) = bytes.get(..entropy_len) else { return false };
    let expected = Sha256::digest(entropy).first().copied().unwrap_or_default();
    given == u32::from(expected >> (8 - checksum_bits))
}

/// Returns true if and only if decimal digits pass the Luhn check.
pub(super) fn is_luhn(digits: &[u8]) -> bool {
    let value = |(place, digit): (usize, &u8)| {
        let digit = u32::from(digit.saturating_sub(b'0'));
        if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
    };
    digits.len() > 1 && digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// The bytes of a base58 text with four checksum bytes, in Bitcoin's or XRP's alphabet.
pub(super) fn base58_check(text: &str, alphabet: &bs58::Alphabet) -> Option<Vec<u8>> {
    bs58::decode(text).with_alphabet(alphabet).with_check(None).into_vec().ok()
}

/// Returns true if and only if a mini private key carries the typo check of its format.
pub(super) fn is_mini_key(text: &str) -> bool {
    Sha256::new().chain_update(text).chain_update("?").finalize().first() == Some(&0)
}

/// Returns true if and only if 56 base32 characters end in the checksum of a Stellar key.
pub(super) fn is_stellar_key(text: &str) -> bool {
    let mut bytes = Vec::with_capacity(35);
    let (mut pending, mut bits) = (0_u32, 0);
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return false,
        };
        pending = (pending << 5 | u32::from(value)) & 0xFFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((pending >> bits) as u8);
        }
    }
    match bytes.split_last_chunk::<2>() {
        Some((body, check)) => crc16(body) == u16::from_le_bytes(*check),
        None => false,
    }
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_generated_phrases() {
        for len in [16, 20, 24, 28, 32] {
            let entropy: Vec<u8> = (0..len).map(|i| (i * 37 + len) as u8).collect();
            let phrase = bip39::Mnemonic::from_entropy(&entropy).unwrap();
            let mut words: Vec<u16> = phrase.word_indices().map(|i| i as u16).collect();
            assert!(is_phrase(&words), "{phrase}");
            words[3] ^= 1;
            words.swap(0, 1);
            assert!(!is_phrase(&words[..words.len() - 1]));
        }
    }

    #[test]
    fn knows_published_examples() {
        assert!(is_luhn(b"4111111111111111") && !is_luhn(b"4111111111111112"));
        assert!(is_mini_key("S6c56bnXQiBjk9mqSYE7ykVQ7NzrRy"));
        assert!(is_stellar_key("GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7"));
        assert!(!is_stellar_key("GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN6"));
    }
}
