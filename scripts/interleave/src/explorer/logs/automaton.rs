//! A deterministic, always minimal, acyclic automaton: a set of words in which
//! equal endings are stored once.
//!
//! Nodes are *hash-consed*: two nodes with the same edges are the same node, so
//! equal sets of endings have equal numbers and the automaton is minimal at
//! every moment (Daciuk, Mihov, Watson, Watson: *Incremental Construction of
//! Minimal Acyclic Finite-State Automata*, Computational Linguistics 2000; with
//! union as in Bryant: *Graph-Based Algorithms for Boolean Function
//! Manipulation*, IEEE ToC 1986). No function here recurses: a log can be long.

use std::collections::HashMap;
use std::rc::Rc;

/// A letter: an index into the list of texts that [`super::Logs`] keeps.
pub type Letter = u32;

/// A node's number. A node is made after all nodes that it leads to, so a
/// greater number never follows a smaller one on a path.
pub type Node = u32;

/// The node with no word at all.
pub const NOTHING: Node = 0;

/// The node with one word, the empty one.
pub const END: Node = 1;

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    /// Whether a word may end here.
    end: bool,
    /// Where each letter leads, sorted by letter.
    edges: Rc<[(Letter, Node)]>,
}

/// The automaton: many roots may share it.
pub struct Automaton {
    states: Vec<State>,
    known: HashMap<State, Node>,
    unions: HashMap<Box<[Node]>, Node>,
}

impl Automaton {
    /// An automaton that knows only [`NOTHING`] and [`END`].
    pub fn new() -> Automaton {
        let mut automaton = Automaton {
            states: Vec::new(),
            known: HashMap::new(),
            unions: HashMap::new(),
        };
        automaton.node(false, Vec::new());
        automaton.node(true, Vec::new());
        automaton
    }

    /// How many nodes there are, used or not.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether a word may end at `node`.
    pub fn ends(&self, node: Node) -> bool {
        self.states[node as usize].end
    }

    /// The letters that may follow `node` and where they lead, sorted by letter.
    pub fn edges(&self, node: Node) -> &[(Letter, Node)] {
        &self.states[node as usize].edges
    }

    /// The node with these edges; their letters must be distinct. Edges that
    /// lead to [`NOTHING`] are left out.
    pub fn node(&mut self, end: bool, mut edges: Vec<(Letter, Node)>) -> Node {
        edges.retain(|edge| edge.1 != NOTHING);
        edges.sort_unstable();
        let state = State {
            end,
            edges: edges.into(),
        };
        if let Some(&node) = self.known.get(&state) {
            return node;
        }
        let node = self.states.len() as Node;
        self.states.push(state.clone());
        self.known.insert(state, node);
        node
    }

    /// The words of `node`, each with `letters` before it.
    pub fn prepend(&mut self, letters: &[Letter], mut node: Node) -> Node {
        for &letter in letters.iter().rev() {
            node = self.node(false, vec![(letter, node)]);
        }
        node
    }

    /// The words of any of `nodes`.
    pub fn union(&mut self, nodes: &[Node]) -> Node {
        let start = match self.ready(key(nodes)) {
            Ok(node) => return node,
            Err(key) => key,
        };
        let mut stack = vec![start];
        while let Some(nodes) = stack.last().cloned() {
            if self.unions.contains_key(&nodes) {
                stack.pop();
                continue;
            }
            let mut all: Vec<(Letter, Node)> = Vec::new();
            for &node in nodes.iter() {
                all.extend_from_slice(self.edges(node));
            }
            all.sort_unstable();
            let mut edges = Vec::with_capacity(all.len());
            let mut waiting = false;
            for group in all.chunk_by(|a, b| a.0 == b.0) {
                let targets: Vec<Node> = group.iter().map(|edge| edge.1).collect();
                match self.ready(key(&targets)) {
                    Ok(node) => edges.push((group[0].0, node)),
                    Err(key) => {
                        waiting = true;
                        stack.push(key);
                    }
                }
            }
            if !waiting {
                let end = nodes.iter().any(|&node| self.ends(node));
                let node = self.node(end, edges);
                self.unions.insert(nodes, node);
                stack.pop();
            }
        }
        self.union(nodes)
    }

    /// The union of the nodes in `key`, if it is known; else the key again.
    fn ready(&self, key: Box<[Node]>) -> Result<Node, Box<[Node]>> {
        match *key {
            [] => Ok(NOTHING),
            [node] => Ok(node),
            _ => self.unions.get(&key).copied().ok_or(key),
        }
    }

    /// Forgets every node that `root` does not lead to; gives `root`'s new
    /// number. All other numbers become meaningless.
    pub fn keep_only(&mut self, root: Node) -> Node {
        let mut used = vec![false; self.states.len()];
        used[root as usize] = true;
        for node in (0..self.states.len()).rev() {
            if used[node] {
                for &(_, next) in self.states[node].edges.iter() {
                    used[next as usize] = true;
                }
            }
        }
        let mut renamed = vec![NOTHING; self.states.len()];
        let mut kept = Automaton::new();
        for (old, state) in self.states.iter().enumerate() {
            if used[old] {
                let edges = state.edges.iter().map(|&(l, n)| (l, renamed[n as usize]));
                renamed[old] = kept.node(state.end, edges.collect());
            }
        }
        *self = kept;
        renamed[root as usize]
    }

    /// For every node, how many words it has; saturating.
    pub fn counts(&self) -> Vec<u128> {
        let mut counts: Vec<u128> = Vec::with_capacity(self.states.len());
        for state in &self.states {
            let mut count = u128::from(state.end);
            for &(_, next) in state.edges.iter() {
                count = count.saturating_add(counts[next as usize]);
            }
            counts.push(count);
        }
        counts
    }
}

/// Sorted, each once, without [`NOTHING`].
fn key(nodes: &[Node]) -> Box<[Node]> {
    let mut key: Vec<Node> = nodes.iter().copied().filter(|&n| n != NOTHING).collect();
    key.sort_unstable();
    key.dedup();
    key.into()
}
