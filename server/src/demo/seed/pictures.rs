//! A picture and a document for the demonstration's talks, made here: a drawn box under a sky, and a page of
//! one line. Nothing is compressed, so no library is needed.

/// A PNG of 320 × 200 points; `hue` makes each one another.
pub(super) fn picture(hue: u8) -> Vec<u8> {
    const WIDTH: u32 = 320;
    const HEIGHT: u32 = 200;
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0); // no filter
        for x in 0..WIDTH {
            let inside = (90..230).contains(&x) && (70..170).contains(&y);
            let ribbon = inside && ((150..170).contains(&x) || (110..122).contains(&y));
            let shade = u8::try_from(y.checked_div(4).unwrap_or_default()).unwrap_or_default();
            rows.push(match (ribbon, inside) {
                (true, _) => 255,
                (_, true) => 64 + shade,
                _ => 160 + shade,
            });
        }
    }
    let mut palette = Vec::new();
    for index in 0..=255_u8 {
        let warm = index.saturating_add(hue.checked_div(4).unwrap_or_default());
        palette.extend([
            warm,
            index,
            index.wrapping_add(hue.checked_div(2).unwrap_or_default()).max(60),
        ]);
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 3, 0, 0, 0]); // eight bits, palette
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"PLTE", &palette);
    chunk(&mut png, *b"IDAT", &stored(&rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(out: &mut Vec<u8>, name: [u8; 4], body: &[u8]) {
    out.extend(u32::try_from(body.len()).unwrap_or_default().to_be_bytes());
    let named: Vec<u8> = name.iter().chain(body).copied().collect();
    out.extend(&named);
    out.extend(crc(&named).to_be_bytes());
}

/// zlib with uncompressed blocks.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = u16::try_from(block.len()).unwrap_or_default();
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)).rem_euclid(65_521);
        b = (b + a).rem_euclid(65_521);
    }
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A PDF with one line of text.
pub(super) fn document(line: &str) -> Vec<u8> {
    let text: String = line.chars().filter(|c| c.is_ascii() && !"()\\".contains(*c)).collect();
    let stream = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{stream}\nendstream", stream.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = pdf.len();
    pdf.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"));
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
    }
}
