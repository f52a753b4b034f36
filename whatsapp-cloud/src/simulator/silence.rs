//! A voice note of silence, for customers who send one without bytes: OGG with Opus, one channel (RFC 3533,
//! RFC 7845). Never anything else.

/// Opus' own form of 20 milliseconds of silence.
const FRAME: [u8; 3] = [0xF8, 0xFF, 0xFE];
/// Samples of a frame at 48 kHz.
const SAMPLES: u64 = 960;

/// Two seconds of silence.
pub(super) fn voice_note() -> Vec<u8> {
    let head = b"OpusHead\x01\x01\x38\x01\x80\xBB\x00\x00\x00\x00\x00";
    let tags = b"OpusTags\x09\x00\x00\x00simulator\x00\x00\x00\x00";
    let frames = 100_u8;
    let sound: Vec<u8> = FRAME.repeat(usize::from(frames));
    let mut file = page(0, 0, 2, &[19], head);
    file.extend(page(1, 0, 0, &[25], tags));
    let lengths = vec![3; usize::from(frames)];
    file.extend(page(2, SAMPLES * u64::from(frames), 4, &lengths, &sound));
    file
}

/// One page: its number, the samples up to its end, its flags, the packets' lengths, the packets.
fn page(number: u32, samples: u64, flags: u8, lengths: &[u8], packets: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(samples.to_le_bytes());
    page.extend(1_u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(u8::try_from(lengths.len()).unwrap_or(u8::MAX));
    page.extend(lengths);
    page.extend(packets);
    let sum = checksum(&page).to_le_bytes();
    if let Some(place) = page.get_mut(22..26) {
        place.copy_from_slice(&sum);
    }
    page
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        let mut next = sum ^ (u32::from(*byte) << 24);
        for _ in 0..8 {
            let carry = next & 0x8000_0000 != 0;
            next <<= 1;
            if carry {
                next ^= 0x04C1_1DB7;
            }
        }
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_voice_note_that_meta_takes() {
        let file = voice_note();
        assert_eq!(crate::send::media_rules::check_file("audio/ogg; codecs=opus", &file), Ok(()));
    }

    #[test]
    fn each_page_carries_its_own_checksum() {
        let mut file = voice_note();
        let sum = u32::from_le_bytes(file[22..26].try_into().expect("four bytes"));
        file[22..26].fill(0);
        assert_eq!(checksum(&file[..28 + 19]), sum);
    }
}
