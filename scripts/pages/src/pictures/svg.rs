//! What these pictures are drawn with.

use crate::html;

/// A drawing with its title, its description and what stands below it.
pub fn drawn(
    id: &str,
    title: &str,
    description: &str,
    height: usize,
    lines: &[String],
    caption: &str,
) -> String {
    format!(
        "<figure class=\"picture\">\n\
         <svg viewBox=\"0 0 360 {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{}\n</svg>\n\
         <figcaption>{caption}</figcaption>\n</figure>\n",
        html::escaped(title),
        html::escaped(description),
        lines.join("\n")
    )
}

/// Words around a point.
pub fn words(class: &str, x: usize, y: usize, text: &str) -> String {
    let text = html::escaped(text);
    match class {
        "" => format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>"),
        _ => format!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>"
        ),
    }
}

/// A box.
pub fn boxed(class: &str, x: usize, y: usize, width: usize, height: usize) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>"
    )
}
