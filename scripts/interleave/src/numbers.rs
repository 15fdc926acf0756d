//! Numbers as a person reads them: `30,618 schedules`, `1 schedule`.

use ::std::fmt::Display;

/// The whole number, which has no sign, with a comma before every three digits.
pub fn separated(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of a thing, whose plural ends in `s`.
pub fn count(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{} {thing}s", separated(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_stand_together() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (30_618, "30,618"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(separated(number), text);
        }
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1, "schedule"), "1 schedule");
        assert_eq!(count(0, "schedule"), "0 schedules");
        assert_eq!(count(5_000, "schedule"), "5,000 schedules");
    }
}
