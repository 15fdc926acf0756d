//! Maps and sets: what they do is what the real ones do, their order is the same in each execution,
//! and whoever can see it gets a remark.

use interleave::collections::{
    HashMap, HashSet,
    hash_map::{Entry, RandomState},
};
use interleave::explorer::{Config, Execution, Explorer};
use interleave::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use interleave::trace::remarks::{MAP_ORDER, THREAD_NUMBER};
use interleave::{println, sync::mpsc, thread};
use std::collections::{BTreeMap, BTreeSet};

/// Every execution of a program, after its first one was repeated and compared.
fn executions(program: impl Fn() + Send + Sync + 'static) -> Vec<Execution> {
    let mut all = Vec::new();
    let mut explorer = Explorer::new(Config::default(), program);
    let summary = explorer.explore(&mut |execution| all.push(execution.clone()));
    assert!(summary.complete, "{summary:?}");
    assert!(!all.is_empty());
    all
}

#[track_caller]
fn sees_the_order(program: impl Fn() + Send + Sync + 'static) -> bool {
    let remarked = |execution: &Execution| execution.remarks.contains(MAP_ORDER);
    let program = move || {
        println!("A program without a step is not explored.");
        program();
    };
    executions(program).iter().any(remarked)
}

/// Ten numbers as keys: their order is never that of a real map twice.
fn squares() -> HashMap<u32, u32> {
    (0..10).map(|n| (n, n * n)).collect()
}

#[test]
fn the_order_is_the_same_each_time() {
    let program = || {
        let (tx, rx) = mpsc::channel();
        for (n, _) in squares() {
            let tx = tx.clone();
            if n < 2 {
                thread::spawn(move || tx.send(n));
            }
        }
        drop(tx);
        println!("{:?} {:?}", squares(), rx.iter().collect::<Vec<_>>());
    };
    let all = executions(program);
    assert!(all.len() > 1);
    let map = |execution: &Execution| execution.stdout().split('[').next().map(str::to_string);
    assert_eq!(map(&all[0]), map(&all[1]));
}

#[test]
fn whoever_goes_through_a_map_gets_a_remark() {
    assert!(sees_the_order(|| assert!(
        squares().iter().next().is_some()
    )));
    assert!(sees_the_order(|| for _ in &squares() {}));
    assert!(sees_the_order(|| for _ in &mut squares() {}));
    assert!(sees_the_order(|| for _ in squares() {}));
    assert!(sees_the_order(|| for _ in squares().into_keys() {}));
    assert!(sees_the_order(|| for _ in squares().into_values() {}));
    assert!(sees_the_order(|| for _ in squares().drain() {}));
    assert!(sees_the_order(|| squares().retain(|_, _| true)));
    assert!(sees_the_order(|| println!("{:?}", squares())));
    let set = || HashSet::from([1, 2]);
    assert!(sees_the_order(move || for _ in set() {}));
    assert!(sees_the_order(move || for _ in set().union(&set()) {}));
    assert!(sees_the_order(move || for _ in set().difference(&set()) {}));
    // A number that is up to chance, drawn with a map's keys.
    assert!(sees_the_order(|| println!(
        "{}",
        RandomState::new().hash_one(1)
    )));
}

#[test]
fn whoever_only_looks_things_up_gets_none() {
    assert!(!sees_the_order(|| {
        let mut map = squares();
        map.insert(11, 121);
        map.remove(&3);
        *map.entry(4).or_default() += map[&5];
        assert_eq!((map.get(&4), map.len()), (Some(&41), 10));
        assert_eq!(map.clone(), map);
        let set: HashSet<u32> = HashSet::from([1, 2]);
        assert!(set.contains(&1) && set.is_subset(&set));
        map.clear();
    }));
    // One has only one order.
    assert!(!sees_the_order(|| for _ in HashMap::from([(1, 2)]) {}));
    // Whose hasher draws no keys has one order, too.
    assert!(!sees_the_order(|| {
        type Fixed = BuildHasherDefault<DefaultHasher>;
        let map: HashMap<u32, u32, Fixed> = squares_of();
        for _ in map {}
    }));
}

fn squares_of<S: BuildHasher + Default>() -> HashMap<u32, u32, S> {
    (0..10).map(|n| (n, n * n)).collect()
}

/// Prints when it is dropped.
#[derive(Clone)]
struct Loud(u32);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

#[test]
fn values_whose_drop_makes_steps_show_the_order() {
    let map = || HashMap::from([(1, Loud(1)), (2, Loud(2))]);
    assert!(sees_the_order(move || drop(map())));
    assert!(sees_the_order(move || std::mem::forget([(); 1].map(
        |()| {
            let mut map = map();
            map.clear();
            map
        }
    ))));
    assert!(!sees_the_order(|| drop(HashMap::from([
        (1, "a"),
        (2, "b")
    ]))));
}

#[test]
fn threads_as_keys_are_the_same_each_time() {
    let all = executions(|| {
        let ids = (0..4).map(|_| thread::spawn(|| ()).thread().id());
        println!("{:?}", ids.collect::<HashSet<_>>());
    });
    assert!(all.iter().all(|each| each.stdout() == all[0].stdout()));
    assert!(all[0].remarks.contains(THREAD_NUMBER));
}

#[test]
fn a_map_does_what_the_real_one_does() {
    let mut map: HashMap<String, i32> = HashMap::with_capacity(8);
    assert!(map.is_empty() && map.capacity() >= 8);
    assert_eq!(map.insert("a".to_string(), 1), None);
    assert_eq!(map.insert("a".to_string(), 2), Some(1));
    map.extend([("b".to_string(), 3), ("c".to_string(), 4)]);
    let sorted = |map: &HashMap<String, i32>| -> BTreeMap<String, i32> {
        map.iter()
            .map(|(key, value)| (key.clone(), *value))
            .collect()
    };
    let real = |pairs: &[(&str, i32)]| -> BTreeMap<String, i32> {
        pairs.iter().map(|(key, n)| (key.to_string(), *n)).collect()
    };
    assert_eq!(sorted(&map), real(&[("a", 2), ("b", 3), ("c", 4)]));
    assert_eq!(map.keys().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(map.values().sum::<i32>(), 9);
    for value in map.values_mut() {
        *value += 1;
    }
    for (_, value) in map.iter_mut() {
        *value *= 10;
    }
    assert_eq!(
        (map["a"], map.get("b"), map.get("z")),
        (30, Some(&40), None)
    );
    assert_eq!(map.get_key_value("c"), Some((&"c".to_string(), &50)));
    *map.get_mut("c").unwrap() = 5;
    assert!(map.contains_key("c") && !map.contains_key("d"));
    match map.entry("d".to_string()) {
        Entry::Vacant(place) => drop(place.insert(6)),
        Entry::Occupied(_) => panic!("there is none"),
    }
    assert_eq!(map.remove("d"), Some(6));
    assert_eq!(map.remove_entry("c"), Some(("c".to_string(), 5)));
    map.reserve(100);
    map.try_reserve(200).unwrap();
    assert!(map.capacity() >= 200);
    map.shrink_to(50);
    assert!((50..200).contains(&map.capacity()));
    map.shrink_to_fit();
    assert!(map.capacity() < 50);
    let copy = map.clone();
    assert_eq!(copy, map);
    map.retain(|key, _| key == "a");
    assert_ne!(copy, map);
    assert_eq!(map.into_values().collect::<Vec<_>>(), [30]);
    assert_eq!(copy.clone().into_keys().collect::<BTreeSet<_>>().len(), 2);
    let mut copy = copy;
    assert_eq!(copy.drain().count(), 2);
    assert_eq!(copy.len(), 0);
    let default = HashMap::<u8, u8>::default();
    assert_eq!((default.len(), default), (0, HashMap::new()));
    let mut last = HashMap::from([(1, 1), (2, 2)]);
    last.extend(&HashMap::from([(2, 3)]));
    assert_eq!(
        last.into_iter().collect::<BTreeMap<_, _>>(),
        BTreeMap::from([(1, 1), (2, 3)])
    );
}

#[test]
fn a_set_does_what_the_real_one_does() {
    let (low, high) = (HashSet::from([1, 2, 3]), HashSet::from([3, 4]));
    let sorted = |set: HashSet<i32>| -> Vec<i32> {
        let set: BTreeSet<i32> = set.into_iter().collect();
        set.into_iter().collect()
    };
    assert_eq!(sorted(&low | &high), [1, 2, 3, 4]);
    assert_eq!(sorted(&low & &high), [3]);
    assert_eq!(sorted(&low ^ &high), [1, 2, 4]);
    assert_eq!(sorted(&low - &high), [1, 2]);
    assert_eq!(sorted(low.union(&high).copied().collect()), [1, 2, 3, 4]);
    assert_eq!(sorted(low.intersection(&high).copied().collect()), [3]);
    assert_eq!(
        sorted(low.symmetric_difference(&high).copied().collect()),
        [1, 2, 4]
    );
    assert_eq!(sorted(low.difference(&high).copied().collect()), [1, 2]);
    assert!(low.is_superset(&HashSet::from([1])) && !low.is_superset(&high));
    assert!(HashSet::from([1]).is_subset(&low) && !high.is_subset(&low));
    assert!(low.is_disjoint(&HashSet::from([9])) && !low.is_disjoint(&high));

    let mut set: HashSet<String> = HashSet::with_capacity(4);
    assert!(set.is_empty() && set.capacity() >= 4);
    assert!(set.insert("a".to_string()) && !set.insert("a".to_string()));
    assert_eq!(set.replace("a".to_string()), Some("a".to_string()));
    assert_eq!(set.get("a"), Some(&"a".to_string()));
    assert!(set.contains("a") && set.remove("a") && !set.remove("a"));
    set.extend(["b".to_string(), "c".to_string(), "d".to_string()]);
    assert_eq!(set.take("b"), Some("b".to_string()));
    set.retain(|value| value == "c");
    assert_eq!(set.iter().collect::<Vec<_>>(), ["c"]);
    assert_eq!(format!("{set:?}"), r#"{"c"}"#);
    assert_eq!((&set).into_iter().len(), 1);
    set.reserve(100);
    set.try_reserve(200).unwrap();
    set.shrink_to(50);
    assert!((50..200).contains(&set.capacity()));
    set.shrink_to_fit();
    let copy = set.clone();
    assert_eq!(set.drain().collect::<Vec<_>>(), ["c"]);
    assert_ne!(copy, set);
    set.clear();
    assert_eq!(set, HashSet::default());
    let mut numbers: HashSet<i32> = HashSet::new();
    numbers.extend(&[1, 2]);
    assert_eq!(numbers.len(), 2);
}
