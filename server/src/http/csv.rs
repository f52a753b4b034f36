//! Tables as comma-separated values, as RFC 4180 writes them, safe to open in a spreadsheet. Knows no noun.

/// What `Content-Type` calls it.
pub(crate) const KIND: &str = "text/csv; charset=utf-8";

/// With these a spreadsheet takes a cell for a formula, in their wide forms as well.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Adds one row and the end of its line.
pub(crate) fn row<'c>(table: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            table.push(',');
        }
        write(table, cell);
    }
    table.push_str("\r\n");
}

fn write(table: &mut String, cell: &str) {
    // Names are written by strangers: no cell may do anything in the program that opens it.
    let guard = if is_formula(cell) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) {
        table.push('"');
        table.push_str(guard);
        table.push_str(&cell.replace('"', "\"\""));
        table.push('"');
    } else {
        table.push_str(guard);
        table.push_str(cell);
    }
}

/// A phone number, a plus and digits alone, calls nothing and stays as programs expect it.
fn is_formula(cell: &str) -> bool {
    let phone = cell
        .strip_prefix('+')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit()));
    cell.starts_with(FORMULA) && !phone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut table = String::new();
        row(&mut table, cells.iter().copied());
        table
    }

    #[test]
    fn cells_are_parted_by_commas_and_rows_by_crlf() {
        assert_eq!(written(&["1", "", "Ana Lopes", "ü"]), "1,,Ana Lopes,ü\r\n");
        assert_eq!(written(&[]), "\r\n");
    }

    #[test]
    fn commas_quotes_and_line_ends_stay_within_their_cell() {
        assert_eq!(
            written(&["a,b", "say \"hi\"", "c\nd"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"c\nd\"\r\n"
        );
    }

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        for bad in ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", "＝1", "+", "+55 11", "+5511=1"] {
            assert_eq!(written(&[bad]), format!("'{bad}\r\n"), "{bad:?}");
        }
        assert_eq!(written(&["=a(\"b\",1)"]), "\"'=a(\"\"b\"\",1)\"\r\n");
        assert_eq!(written(&["\r=1"]), "\"'\r=1\"\r\n");
    }

    #[test]
    fn phone_numbers_and_texts_stay_as_they_are() {
        for good in
            ["+5511981234567", "BR.1234", "a=b", "a-b", "wamid.HBgN+x==", "2026-11-23T10:15:00Z"]
        {
            assert_eq!(written(&[good]), format!("{good}\r\n"), "{good:?}");
        }
    }
}
