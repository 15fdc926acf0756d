//! The few words of HTML that all parts share.

use interleave::numbers;

/// A text as it must be written in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Markdown's `code` in a text that is otherwise plain.
pub fn inline(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escaped(part);
        match index % 2 {
            0 => html += &part,
            _ => html += &format!("<code>{part}</code>"),
        }
    }
    html
}

/// A number with a comma between thousands, as the book writes it.
pub fn number(number: usize) -> String {
    numbers::separated(number)
}

/// So many of something: `1 line`, `2 lines`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", number(n)),
    }
}

/// A table with a head for each column, in which each row's first cells, as many as `heads`, are
/// the row's own head. It has no blank line, which would end it in Markdown.
///
/// Cells are HTML.
pub fn table(
    class: &str,
    caption: &str,
    columns: &[&str],
    heads: usize,
    rows: &[Vec<String>],
) -> String {
    let mut lines = vec![
        format!("<div class=\"table-wrapper\"><table class=\"{class}\">"),
        format!("<caption>{caption}</caption>"),
    ];
    let head: String = columns
        .iter()
        .map(|column| format!("<th scope=\"col\">{column}</th>"))
        .collect();
    lines.push(format!("<thead><tr>{head}</tr></thead>"));
    lines.push("<tbody>".to_string());
    for row in rows {
        let cells: String = row
            .iter()
            .enumerate()
            .map(|(column, cell)| match column < heads {
                true => format!("<th scope=\"row\">{cell}</th>"),
                false => format!("<td>{cell}</td>"),
            })
            .collect();
        lines.push(format!("<tr>{cells}</tr>"));
    }
    lines.push("</tbody>".to_string());
    lines.push("</table></div>\n".to_string());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_the_rest_escaped() {
        assert_eq!(
            inline("`Vec<u8>` & more"),
            "<code>Vec&lt;u8&gt;</code> &amp; more"
        );
    }
}
