//! A page of PDF (ISO 32000-1), so that a document of the demo company can be opened.

/// One page with a line of text.
pub(super) fn page(line: &str) -> Vec<u8> {
    // What would end the string, or is no plain letter, is left out.
    let line: String = line.chars().filter(|c| c.is_ascii() && !matches!(c, '(' | ')' | '\\')).collect();
    let shown = format!("BT /F1 18 Tf 72 760 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{shown}\nendstream", shown.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", pdf.len());
        pdf += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let (count, begin) = (objects.len() + 1, pdf.len());
    pdf += &format!(
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n"
    );
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    /// The table at the end tells where each object begins.
    #[test]
    fn objects_are_where_the_table_says() {
        let pdf = String::from_utf8(super::page("Payslip (1)")).unwrap_or_default();
        assert!(pdf.contains("(Payslip 1) Tj"));
        let begin =
            pdf.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()?.parse::<usize>().ok());
        let table = &pdf[begin.unwrap_or_default()..];
        let places = table.lines().skip(3).take(5).filter_map(|line| line.get(..10)?.parse::<usize>().ok());
        let found: Vec<_> =
            places.zip(1..).map(|(at, number)| pdf[at..].starts_with(&format!("{number} 0 obj"))).collect();
        assert_eq!(found, [true; 5]);
    }
}
