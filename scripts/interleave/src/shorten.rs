//! Texts of a program that are too long to be reported whole.

/// The most bytes of a panic's message that are kept.
pub const MESSAGE: usize = 4 << 10;

/// Up to `most` bytes of a text, and how many there were more.
pub fn text(mut text: String, most: usize) -> String {
    if text.len() > most {
        let mut end = most;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let more = text.len() - end;
        text.truncate(end);
        text += &format!("[… {more} more bytes]\n");
    }
    text
}

/// Shortens texts so that all together have `most` bytes and little more. Says whether one had to
/// be. Small ones stay whole.
pub fn all<'a>(texts: impl IntoIterator<Item = &'a mut String>, most: usize) -> bool {
    let mut texts: Vec<&mut String> = texts.into_iter().collect();
    texts.sort_by_key(|text| text.len());
    let (mut left, mut shortened) = (most, false);
    let mut count = texts.len();
    for whole in texts {
        let share = left / count;
        if whole.len() > share {
            *whole = text(std::mem::take(whole), share);
            shortened = true;
        }
        left -= whole.len().min(share);
        count -= 1;
    }
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_texts_stay_whole_and_large_ones_share_the_rest() {
        let mut texts = ["é".repeat(50), "short".to_string(), "b".repeat(30)];
        assert!(all(&mut texts, 65));
        assert_eq!(texts[1], "short");
        assert_eq!(texts[2], "b".repeat(30));
        assert_eq!(texts[0], format!("{}[… 70 more bytes]\n", "é".repeat(15)));
        assert!(!all(&mut ["a".to_string(), "b".to_string()], 2));
    }
}
