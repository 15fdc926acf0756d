//! Threads that use one primitive in every way that a program can, on the
//! state that the rules keep, without any program.

use crate::random::Random;
use interleave::explorer::{Client, Config, Then};
use interleave::primitives::rules::{Links, Vain};
use interleave::primitives::{
    Body, Op, World, atomic, barrier, channel, condvar, count, job, mutex, network, once, output,
    park, pause, process, rwlock, thread,
};
use interleave::trace::{ObjectId, Outcome, Stream, ThreadId};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How many threads there are.
const THREADS: usize = 3;

/// The one that poisons what it gives back, and waits with time-outs.
const ODD: ThreadId = 1;

/// How many steps are made in both worlds after the two.
const AFTERWARDS: usize = 3;

/// What the threads use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Threads,
    Parking,
    Mutex,
    RwLock,
    Condvar,
    Channel,
    ChannelOfOne,
    ChannelWithoutRoom,
    Barrier,
    Once,
    Atomic,
    Owners,
    Network,
    Output,
    Marker,
}

impl Topic {
    pub const ALL: [Topic; 15] = [
        Topic::Threads,
        Topic::Parking,
        Topic::Mutex,
        Topic::RwLock,
        Topic::Condvar,
        Topic::Channel,
        Topic::ChannelOfOne,
        Topic::ChannelWithoutRoom,
        Topic::Barrier,
        Topic::Once,
        Topic::Atomic,
        Topic::Owners,
        Topic::Network,
        Topic::Output,
        Topic::Marker,
    ];
}

/// A thread, by what it may do.
#[derive(Clone, Debug, Default)]
struct Thread {
    /// It has no choice.
    must: Option<Op>,
    /// What gives back what it holds.
    holds: Vec<Op>,
    /// It has dropped its end of the channel.
    gone: bool,
    /// The connections that it has closed.
    closed: BTreeSet<ObjectId>,
    ended: bool,
    /// How many owners and how many `Weak` it has.
    owns: usize,
    weaks: usize,
}

/// What a thread sees of its step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    outcome: Outcome,
    /// A value, the poison, a byte.
    more: Option<u64>,
}

#[derive(Clone)]
pub struct Model {
    topic: Topic,
    random: Random,
    world: World,
    threads: Vec<Thread>,
    path: Vec<(ThreadId, Op)>,
    value: u64,
    poisoned: bool,
    connections: Vec<ObjectId>,
    printed: Vec<ThreadId>,
}

impl Model {
    pub fn new(topic: Topic, seed: u64) -> Model {
        let client = |sends: &[u8], then| Client {
            sends: sends.to_vec(),
            then,
        };
        let config = Config {
            clients: vec![
                client(b"ab", Then::Waits),
                client(b"", Then::HangsUp),
                client(b"c", Then::HangsUp),
            ],
            ..Config::default()
        };
        let mut world = World::new(Arc::new(config));
        world.lives = vec![thread::Life::default(); THREADS];
        world.parkers = vec![park::Parker::default(); THREADS];
        let channel = |room| {
            let mut channel = channel::Channel::new(room);
            for _ in 2..THREADS {
                channel.add_sender();
            }
            Body::Channel(channel)
        };
        world.bodies = match topic {
            Topic::Mutex => vec![Body::Mutex(mutex::Mutex::default())],
            Topic::RwLock => vec![Body::RwLock(rwlock::RwLock::default())],
            Topic::Condvar => vec![
                Body::Mutex(mutex::Mutex::default()),
                Body::Condvar(condvar::Condvar::default()),
            ],
            Topic::Channel => vec![channel(None)],
            Topic::ChannelOfOne => vec![channel(Some(1))],
            Topic::ChannelWithoutRoom => vec![channel(Some(0))],
            Topic::Barrier => vec![Body::Barrier(barrier::Barrier::new(2))],
            Topic::Once => vec![Body::Once(once::Once::default())],
            Topic::Atomic | Topic::Marker => vec![Body::Atomic(atomic::Atomic::default())],
            Topic::Owners => vec![Body::Count(count::Count::new(THREADS))],
            Topic::Network | Topic::Output => vec![Body::Elsewhere],
            Topic::Threads | Topic::Parking => Vec::new(),
        };
        *world.outputs.object(Stream::Stdout) = (topic == Topic::Output).then_some(0);
        Model {
            topic,
            random: Random::new(seed),
            world,
            threads: vec![
                Thread {
                    owns: 1,
                    ..Thread::default()
                };
                THREADS
            ],
            path: Vec::new(),
            value: 0,
            poisoned: false,
            connections: Vec::new(),
            printed: Vec::new(),
        }
    }

    /// The steps that led here.
    pub fn path(&self) -> &[(ThreadId, Op)] {
        &self.path
    }

    /// The number of the next event.
    pub fn next_event(&self) -> usize {
        self.path.len()
    }

    /// All that the threads may do next, whether they can or not.
    pub fn steps(&self) -> Vec<(ThreadId, Op)> {
        let of = |thread| self.choices(thread).into_iter().map(move |op| (thread, op));
        (0..THREADS).flat_map(of).collect()
    }

    /// Whether the rules let a step be made.
    pub fn can(&self, step: &(ThreadId, Op)) -> bool {
        self.world.enabled(step.0, &step.1)
    }

    /// Whether a step, made now, is ordered after this event.
    pub fn is_linked(&self, step: &(ThreadId, Op), event: usize) -> bool {
        let links = self.links(step);
        links.with_all || links.events.contains(&event)
    }

    fn links(&self, step: &(ThreadId, Op)) -> Links {
        let mut links = Links::default();
        self.world.order(step.0, &step.1, &mut links);
        self.world.process.order_all(&mut links);
        links
    }

    /// One of these, by chance.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.random.below(all.len())]
    }

    /// Makes one of the steps that can be made, if there is one.
    pub fn make_a_random_step(&mut self) -> bool {
        let steps = self.steps();
        let steps: Vec<_> = steps.iter().filter(|step| self.can(step)).collect();
        if steps.is_empty() {
            return false;
        }
        let (thread, op) = steps[self.random.below(steps.len())];
        self.make(*thread, op);
        true
    }

    /// Makes a step, as the shadow types do.
    pub fn make(&mut self, thread: ThreadId, op: &Op) -> Seen {
        let event = self.path.len();
        self.path.push((thread, op.clone()));
        let me = &mut self.threads[thread];
        me.must = None;
        let outcome = self.world.perform(thread, op, event).outcome;
        let done = outcome == Outcome::Done;
        let mut more = None;
        match op {
            Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock) if done => {
                me.holds.push(Op::Mutex(*lock, mutex::Action::Unlock));
                more = Some(self.poisoned.into());
            }
            Op::RwLock(lock, rwlock::Action::Read | rwlock::Action::TryRead) if done => {
                me.holds.push(Op::RwLock(*lock, rwlock::Action::ReadUnlock));
                more = Some(self.poisoned.into());
            }
            Op::RwLock(lock, rwlock::Action::Write | rwlock::Action::TryWrite) if done => {
                me.holds
                    .push(Op::RwLock(*lock, rwlock::Action::WriteUnlock));
                more = Some(self.poisoned.into());
            }
            Op::RwLock(lock, rwlock::Action::Write) => {
                me.must = Some(Op::RwLock(*lock, rwlock::Action::Write));
            }
            Op::Mutex(_, mutex::Action::Unlock) | Op::RwLock(_, rwlock::Action::WriteUnlock) => {
                me.holds.pop();
                self.poisoned |= thread == ODD;
            }
            Op::RwLock(_, rwlock::Action::ReadUnlock)
            | Op::Output(output::Action::Unlock { .. }) => {
                me.holds.pop();
            }
            Op::Mutex(_, mutex::Action::IsPoisoned) | Op::RwLock(_, rwlock::Action::IsPoisoned) => {
                more = Some(self.poisoned.into())
            }
            Op::Mutex(_, mutex::Action::ClearPoison)
            | Op::RwLock(_, rwlock::Action::ClearPoison) => self.poisoned = false,
            Op::Condvar(condvar, condvar::Action::Wait { .. }) => {
                me.holds.pop();
                me.must = Some(Op::Condvar(
                    *condvar,
                    match thread == ODD {
                        true => condvar::Action::WakeTimeout,
                        false => condvar::Action::Wake,
                    },
                ));
            }
            Op::Condvar(_, condvar::Action::Wake | condvar::Action::WakeTimeout) => {
                me.must = Some(Op::Mutex(0, mutex::Action::Lock));
            }
            Op::Channel(channel, channel::Action::Send)
                if self.topic == Topic::ChannelWithoutRoom
                    && matches!(outcome, Outcome::Message { .. }) =>
            {
                me.must = Some(Op::Channel(*channel, channel::Action::AwaitTaken));
            }
            Op::Channel(_, channel::Action::SenderDropped | channel::Action::ReceiverDropped) => {
                me.gone = true;
            }
            Op::Barrier(barrier, barrier::Action::Arrive)
                if outcome == Outcome::Answer { yes: false } =>
            {
                me.must = Some(Op::Barrier(*barrier, barrier::Action::Pass));
            }
            Op::Once(object, once::Action::Enter) if outcome == Outcome::Answer { yes: true } => {
                let done = thread != ODD;
                me.holds
                    .push(Op::Once(*object, once::Action::Leave { done }));
            }
            Op::Once(_, once::Action::Leave { .. }) => {
                me.holds.pop();
            }
            Op::Atomic(atomic, action) => {
                let before = self.value;
                match action {
                    atomic::Action::Load => {}
                    atomic::Action::Store => self.value = thread as u64,
                    atomic::Action::Update => self.value += 3,
                    atomic::Action::CompareExchange if before == 0 => self.value = 9,
                    atomic::Action::CompareExchange => {}
                }
                if before != self.value {
                    self.world.atomic_mut(*atomic).changed();
                }
                more = (*action != atomic::Action::Store).then_some(before);
            }
            Op::Count(_, action) => {
                let yes = outcome == Outcome::Answer { yes: true };
                match action {
                    count::Action::Add => me.owns += 1,
                    count::Action::Drop | count::Action::TakeOrDrop => me.owns -= 1,
                    count::Action::Take => me.owns -= usize::from(yes),
                    count::Action::Upgrade => me.owns += usize::from(yes),
                    count::Action::AddWeak => me.weaks += 1,
                    count::Action::DropWeak => me.weaks -= 1,
                    count::Action::Ask | count::Action::AskWeak | count::Action::Alone => {}
                }
            }
            Op::Thread(thread::Action::Exit { .. }) => me.ended = true,
            Op::Thread(thread::Action::Spawn { .. }) => {
                self.world.parkers.push(park::Parker::default());
            }
            Op::Network(action) => more = self.use_network(thread, action, &outcome),
            Op::Output(output::Action::Lock { output }) => {
                let output = *output;
                me.holds.push(Op::Output(output::Action::Unlock { output }));
            }
            Op::Output(output::Action::Print { .. }) => self.printed.push(thread),
            _ => {}
        }
        Seen {
            outcome: visible(op, outcome),
            more,
        }
    }

    fn use_network(
        &mut self,
        thread: ThreadId,
        action: &network::Action,
        outcome: &Outcome,
    ) -> Option<u64> {
        match (action, outcome) {
            (_, Outcome::Client { number }) => {
                self.world.bodies.push(Body::Elsewhere);
                let connection = self.world.bodies.len() - 1;
                self.world.network.connect(connection, *number);
                for _ in 1..THREADS {
                    self.world.network.add_handle(connection);
                }
                self.connections.push(connection);
                None
            }
            (
                network::Action::Read { connection } | network::Action::ReadTimeout { connection },
                Outcome::Done,
            ) => {
                let mut byte = [0];
                let count = self.world.network.take(*connection, &mut byte);
                Some(count as u64 * 256 + u64::from(byte[0]))
            }
            (network::Action::Shutdown { connection }, _) => {
                self.world.network.shut(*connection, thread == ODD, true);
                None
            }
            (network::Action::Close { connection }, _) => {
                self.threads[thread].closed.insert(*connection);
                None
            }
            _ => None,
        }
    }

    /// What a thread may do next.
    fn choices(&self, thread: ThreadId) -> Vec<Op> {
        let me = &self.threads[thread];
        if let Some(must) = &me.must {
            return vec![must.clone()];
        }
        if me.ended {
            return Vec::new();
        }
        let mut choices: Vec<Op> = me.holds.last().cloned().into_iter().collect();
        let holds = me.holds.len();
        match self.topic {
            Topic::Threads => choices.extend(thread_steps(thread)),
            Topic::Parking => choices.extend(parking_steps()),
            Topic::Mutex => choices.extend(mutex_steps(holds)),
            Topic::RwLock => choices.extend(rwlock_steps(holds)),
            Topic::Condvar => choices.extend(condvar_steps(holds)),
            Topic::Channel | Topic::ChannelOfOne | Topic::ChannelWithoutRoom => {
                if !me.gone {
                    choices.extend(channel_steps(thread, self.topic == Topic::ChannelOfOne));
                }
            }
            Topic::Barrier => choices.push(Op::Barrier(0, barrier::Action::Arrive)),
            Topic::Once => {
                choices.push(Op::Once(0, once::Action::Look));
                if holds == 0 {
                    choices.push(Op::Once(0, once::Action::Enter));
                }
            }
            Topic::Atomic => choices.extend(
                [
                    atomic::Action::Load,
                    atomic::Action::Store,
                    atomic::Action::Update,
                    atomic::Action::CompareExchange,
                ]
                .map(|action| Op::Atomic(0, action)),
            ),
            Topic::Owners => choices.extend(owner_steps(me)),
            Topic::Network => choices.extend(self.network_steps(me)),
            Topic::Output => {
                choices.push(Op::Output(output::Action::Print {
                    stream: Stream::Stdout,
                    text: String::new(),
                }));
                if holds == 0 {
                    choices.push(Op::Output(output::Action::Lock { output: 0 }));
                }
            }
            Topic::Marker => choices.extend([
                Op::Process(process::Action::Marker { name: "here" }),
                Op::Atomic(0, atomic::Action::Load),
                Op::Job(job::Action::Started { job: 0 }),
                Op::Pause(pause::Action::Yield),
                Op::Pause(pause::Action::Sleep {
                    time: Duration::from_secs(1),
                }),
            ]),
        }
        choices
    }

    fn network_steps(&self, me: &Thread) -> Vec<Op> {
        let mut steps = vec![
            network::Action::Accept { listener: 0 },
            network::Action::TryAccept { listener: 0 },
        ];
        for &connection in &self.connections {
            if !me.closed.contains(&connection) {
                steps.extend([
                    network::Action::Read { connection },
                    network::Action::ReadTimeout { connection },
                    network::Action::Write {
                        connection,
                        bytes: b"x".to_vec(),
                    },
                    network::Action::Shutdown { connection },
                    network::Action::Close { connection },
                ]);
            }
        }
        steps.into_iter().map(Op::Network).collect()
    }

    /// Compares this state, after `event` and the one behind it, with the one
    /// after the same two in the other order.
    pub fn compare_with(&self, other: &Model, event: usize, pair: &dyn Fn() -> String) {
        assert_eq!(self.value, other.value, "the value differs: {}", pair());
        assert_eq!(
            self.poisoned,
            other.poisoned,
            "the poison differs: {}",
            pair()
        );
        let answers = |model: &Model| model.world.network.answers.clone();
        assert_eq!(
            answers(self),
            answers(other),
            "the answers differ: {}",
            pair()
        );
        let is_print =
            |at: usize| matches!(self.path[at].1, Op::Output(output::Action::Print { .. }));
        if !(is_print(event) && is_print(event + 1)) {
            assert_eq!(
                self.printed,
                other.printed,
                "the output differs: {}",
                pair()
            );
        }
        let (mut one, mut other) = (self.clone(), other.clone());
        for _ in 0..AFTERWARDS {
            one.compare_next_steps(&other, event, pair);
            let steps = one.steps();
            let steps: Vec<_> = steps.iter().filter(|step| one.can(step)).collect();
            if steps.is_empty() {
                return;
            }
            let (thread, op) = steps[one.random.below(steps.len())];
            let seen = one.make(*thread, op);
            assert_eq!(
                seen,
                other.make(*thread, op),
                "{op:?} of thread {thread} after {}",
                pair()
            );
        }
    }

    fn compare_next_steps(&self, other: &Model, event: usize, pair: &dyn Fn() -> String) {
        let steps = self.steps();
        assert_eq!(steps, other.steps(), "what can be done next: {}", pair());
        for step in &steps {
            let what = || format!("{step:?} after {}", pair());
            assert_eq!(
                self.can(step),
                other.can(step),
                "whether it is possible: {}",
                what()
            );
            let vain = |model: &Model| {
                let vain = model.world.in_vain(step.0, &step.1);
                vain.map(|Vain { version, .. }| version)
            };
            assert_eq!(vain(self), vain(other), "whether it is in vain: {}", what());
            let linked = |model: &Model, swap: bool| {
                let links = model.links(step);
                let renamed = |(at, &found): (usize, &usize)| {
                    let found = match found {
                        found if swap && found == event => event + 1,
                        found if swap && found == event + 1 => event,
                        found => found,
                    };
                    (found, at < links.races)
                };
                links
                    .events
                    .iter()
                    .enumerate()
                    .map(renamed)
                    .collect::<BTreeSet<_>>()
            };
            assert_eq!(
                linked(self, false),
                linked(other, true),
                "what it is ordered after: {}",
                what()
            );
        }
    }
}

/// What the program can see of an outcome.
fn visible(op: &Op, outcome: Outcome) -> Outcome {
    match op {
        // Who was the last can't be asked.
        Op::Channel(_, channel::Action::SenderDropped)
        | Op::Network(network::Action::Close { .. })
        | Op::Condvar(_, condvar::Action::NotifyOne | condvar::Action::NotifyAll) => Outcome::Done,
        _ => outcome,
    }
}

fn thread_steps(me: ThreadId) -> Vec<Op> {
    let mut steps = vec![
        thread::Action::Exit { panicked: false },
        thread::Action::Spawn {
            child: thread::NOT_YET,
        },
    ];
    for child in (0..THREADS).filter(|&child| child != me) {
        steps.push(thread::Action::IsFinished { child });
        steps.push(thread::Action::Join { child });
    }
    steps.into_iter().map(Op::Thread).collect()
}

fn parking_steps() -> Vec<Op> {
    let mut steps = vec![park::Action::Park, park::Action::ParkTimeout];
    steps.extend((0..THREADS).map(|thread| park::Action::Unpark { thread }));
    steps.into_iter().map(Op::Park).collect()
}

fn mutex_steps(holds: usize) -> Vec<Op> {
    let mut steps = vec![
        mutex::Action::TryLock,
        mutex::Action::IsPoisoned,
        mutex::Action::ClearPoison,
    ];
    if holds == 0 {
        steps.push(mutex::Action::Lock);
    }
    steps
        .into_iter()
        .map(|action| Op::Mutex(0, action))
        .collect()
}

fn rwlock_steps(holds: usize) -> Vec<Op> {
    let mut steps = vec![
        rwlock::Action::TryRead,
        rwlock::Action::TryWrite,
        rwlock::Action::IsPoisoned,
        rwlock::Action::ClearPoison,
    ];
    if holds < 2 {
        steps.push(rwlock::Action::Read);
    }
    if holds == 0 {
        steps.push(rwlock::Action::Write);
    }
    steps
        .into_iter()
        .map(|action| Op::RwLock(0, action))
        .collect()
}

fn condvar_steps(holds: usize) -> Vec<Op> {
    let mut steps = vec![
        Op::Condvar(1, condvar::Action::NotifyOne),
        Op::Condvar(1, condvar::Action::NotifyAll),
    ];
    steps.push(match holds {
        0 => Op::Mutex(0, mutex::Action::Lock),
        _ => Op::Condvar(1, condvar::Action::Wait { lock: 0 }),
    });
    steps
}

fn channel_steps(thread: ThreadId, tries: bool) -> Vec<Op> {
    let steps = match thread {
        0 => vec![
            channel::Action::Recv,
            channel::Action::TryRecv,
            channel::Action::RecvTimeout,
            channel::Action::ReceiverDropped,
        ],
        _ if tries => vec![
            channel::Action::Send,
            channel::Action::TrySend,
            channel::Action::SenderDropped,
        ],
        _ => vec![channel::Action::Send, channel::Action::SenderDropped],
    };
    steps
        .into_iter()
        .map(|action| Op::Channel(0, action))
        .collect()
}

/// Every thread has a `Weak` that isn't counted, so that it can always try.
fn owner_steps(me: &Thread) -> Vec<Op> {
    let mut steps = vec![count::Action::Upgrade];
    if me.owns > 0 {
        steps.extend([
            count::Action::Drop,
            count::Action::Ask,
            count::Action::AskWeak,
            count::Action::Take,
            count::Action::TakeOrDrop,
            count::Action::Alone,
            count::Action::AddWeak,
        ]);
        if me.owns < 3 {
            steps.push(count::Action::Add);
        }
    }
    if me.weaks > 0 {
        steps.push(count::Action::DropWeak);
    }
    steps
        .into_iter()
        .map(|action| Op::Count(0, action))
        .collect()
}
