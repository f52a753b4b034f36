//! Tables as comma-separated values, as RFC 4180 writes them, safe to open in a spreadsheet. Knows no noun.

use std::borrow::Cow;

/// What `Content-Type` calls it.
pub(crate) const KIND: &str = "text/csv; charset=utf-8";

/// With these a spreadsheet takes a cell for a formula, in their wide forms as well.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A table that is being written.
pub(crate) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    pub(crate) fn new() -> Self {
        let mut as_rfc_4180 = csv::WriterBuilder::new();
        Self(as_rfc_4180.terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }
    /// Adds one row, as long as the first.
    ///
    /// # Errors
    /// When it is longer or shorter.
    pub(crate) fn row<'c>(
        &mut self,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), csv::Error> {
        self.0.write_record(cells.into_iter().map(|cell| guarded(cell).into_owned().into_bytes()))
    }
    /// What was written.
    ///
    /// # Errors
    /// When the rest could not be written out.
    pub(crate) fn finish(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|broken| broken.into_error().into())
    }
}

/// Names are written by strangers: no cell may do anything in the program that opens it.
fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
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
        let mut table = Sheet::new();
        table.row(cells.iter().copied()).expect("a row");
        String::from_utf8(table.finish().expect("a table")).expect("text")
    }

    #[test]
    fn cells_are_parted_by_commas_and_rows_by_crlf() {
        assert_eq!(written(&["1", "", "Ana Lopes", "ü"]), "1,,Ana Lopes,ü\r\n");
        let mut table = Sheet::new();
        table.row(["1", "2"]).expect("a row");
        assert!(table.row(["1"]).is_err(), "no cell may be missing");
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
