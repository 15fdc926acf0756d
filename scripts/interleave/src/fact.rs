//! What can be written as JSON and read back, see [`Fact`].

use crate::json::Json;
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::sync::{LazyLock, Mutex, PoisonError};
use ::std::time::Duration;

/// What can be written as JSON and read back.
pub trait Fact: Sized {
    /// The value as JSON.
    fn to_json(&self) -> Json;
    /// The value that some JSON stands for; `None` if it stands for none.
    fn from_json(json: &Json) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Fact for $number {
            fn to_json(&self) -> Json {
                Json::Number(i128::from(*self))
            }

            fn from_json(json: &Json) -> Option<$number> {
                json.as_number()?.try_into().ok()
            }
        }
    )+};
}

numbers!(i32, u16, u32, u64, u8);

impl Fact for usize {
    fn to_json(&self) -> Json {
        (*self as u64).to_json()
    }

    fn from_json(json: &Json) -> Option<usize> {
        json.as_number()?.try_into().ok()
    }
}

/// As digits: it may be larger than what a number can be in JSON.
impl Fact for u128 {
    fn to_json(&self) -> Json {
        Json::text(self.to_string())
    }

    fn from_json(json: &Json) -> Option<u128> {
        json.as_text()?.parse().ok()
    }
}

impl Fact for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }

    fn from_json(json: &Json) -> Option<bool> {
        match json {
            Json::Bool(yes) => Some(*yes),
            _ => None,
        }
    }
}

impl Fact for String {
    fn to_json(&self) -> Json {
        Json::text(self)
    }

    fn from_json(json: &Json) -> Option<String> {
        json.as_text().map(str::to_string)
    }
}

/// The names of files and of markers are known to the compiler where they are made; where they are
/// read, each is kept once, for as long as the process lives.
impl Fact for &'static str {
    fn to_json(&self) -> Json {
        Json::text(*self)
    }

    fn from_json(json: &Json) -> Option<&'static str> {
        static KNOWN: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
        let text = json.as_text()?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(text) {
            return Some(found);
        }
        let new: &'static str = String::leak(text.to_string());
        known.insert(new);
        Some(new)
    }
}

impl Fact for Duration {
    fn to_json(&self) -> Json {
        self.as_nanos().to_json()
    }

    fn from_json(json: &Json) -> Option<Duration> {
        let nanoseconds = u128::from_json(json)?;
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).ok()?;
        Some(Duration::new(seconds, (nanoseconds % 1_000_000_000) as u32))
    }
}

impl<T: Fact> Fact for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, Fact::to_json)
    }

    fn from_json(json: &Json) -> Option<Option<T>> {
        match json {
            Json::Null => Some(None),
            other => T::from_json(other).map(Some),
        }
    }
}

impl<T: Fact> Fact for Vec<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(Fact::to_json).collect())
    }

    fn from_json(json: &Json) -> Option<Vec<T>> {
        json.as_list()?.iter().map(T::from_json).collect()
    }
}

impl<T: Fact + Ord> Fact for BTreeSet<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(Fact::to_json).collect())
    }

    fn from_json(json: &Json) -> Option<BTreeSet<T>> {
        json.as_list()?.iter().map(T::from_json).collect()
    }
}

impl<K: Fact + Ord, V: Fact> Fact for BTreeMap<K, V> {
    fn to_json(&self) -> Json {
        let pair = |(key, value): (&K, &V)| Json::List(vec![key.to_json(), value.to_json()]);
        Json::List(self.iter().map(pair).collect())
    }

    fn from_json(json: &Json) -> Option<BTreeMap<K, V>> {
        let pair = |json: &Json| match json.as_list()? {
            [key, value] => Some((K::from_json(key)?, V::from_json(value)?)),
            _ => None,
        };
        json.as_list()?.iter().map(pair).collect()
    }
}

/// A type's parts: of a structure its fields, of an enumeration the code of each variant and the
/// names of its fields.
macro_rules! facts {
    (struct $type:ident $(<$parameter:ident>)? { $($field:ident),+ $(,)? }) => {
        impl $(<$parameter: $crate::fact::Fact>)? $crate::fact::Fact for $type $(<$parameter>)? {
            fn to_json(&self) -> $crate::json::Json {
                $crate::json::Json::object([
                    $((stringify!($field), $crate::fact::Fact::to_json(&self.$field))),+
                ])
            }

            fn from_json(json: &$crate::json::Json) -> Option<Self> {
                Some($type {
                    $($field: $crate::fact::Fact::from_json(json.get(stringify!($field))?)?),+
                })
            }
        }
    };
    (enum $type:ident {
        $($code:literal $variant:ident $(($($item:ident),+))? $({ $($field:ident),+ })?),+ $(,)?
    }) => {
        impl $crate::fact::Fact for $type {
            fn to_json(&self) -> $crate::json::Json {
                match self {
                    $($type::$variant $(($($item),+))? $({ $($field),+ })? => $crate::fact::coded(
                        $code,
                        vec![
                            $($((stringify!($item), $crate::fact::Fact::to_json($item))),+)?
                            $($((stringify!($field), $crate::fact::Fact::to_json($field))),+)?
                        ],
                    )),+
                }
            }

            fn from_json(json: &$crate::json::Json) -> Option<$type> {
                match $crate::fact::code(json)? {
                    $($code => Some($type::$variant
                        $(($($crate::fact::Fact::from_json(json.get(stringify!($item))?)?),+))?
                        $({
                            $($field: $crate::fact::Fact::from_json(
                                json.get(stringify!($field))?,
                            )?),+
                        })?
                    ),)+
                    _ => None,
                }
            }
        }
    };
}

/// A variant: its code alone, or with its fields.
pub fn coded(code: &'static str, fields: Vec<(&'static str, Json)>) -> Json {
    match fields.is_empty() {
        true => Json::text(code),
        false => Json::object([("is", Json::text(code))].into_iter().chain(fields)),
    }
}

/// The code of a variant.
pub fn code(json: &Json) -> Option<&str> {
    json.as_text().or_else(|| json.get("is")?.as_text())
}

pub(crate) use facts;
