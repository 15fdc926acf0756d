'use strict';

// The levels. `flag` remembers what a state alone doesn't tell, from step to step; `won` says whether
// the goal is reached, `lost` what can't come any more where it is out of reach, and `other` what is
// said of a deadlock that isn't the goal. A level without `won` can't be won: there `reason` asks why.
// What the level teaches is said once more on the last screen.

poolGame.levels = (() => {
    const { can, left, prints } = poolGame.state;
    const { listed } = poolGame.parts;

    const ended = (end) => (state) => state.end === end;
    const deadlock = ended('deadlock');
    const DONE = 1;
    const AFTER = 2;
    const BEFORE = 4;
    // What worker 0 does next while it has the job.
    const busy = /^(print `Worker 0 got a job|(start|finish) job 0$)/;
    const startsJob = ({ does }) => does.startsWith('start job');

    return [
        {
            id: 'break', data: 'one-loop', name: 'One loop: break it', aim: 'this deadlock',
            goal: 'One loop sends a Terminate and joins, worker by worker. Make it deadlock: all who are left wait for ever. And let worker 1 leave while worker 0 is busy.',
            hints: ['A message has no address. Any worker may take it.', 'Let worker 0 run the job, and while it is busy let worker 1 take the Terminate.'],
            lesson: 'One loop deadlocks, because a message has no address.',
            flag: (flag, { does, thread }, { queue, threads }) => (
                flag || (thread === 2 && does.startsWith('receive') && queue[0] === 'Terminate' && busy.test(threads[1].next)) ? 1 : 0),
            won: (state, flag) => deadlock(state) && flag === 1,
            lost(node) {
                if (!can(node, deadlock)) return 'From there no deadlock can come.';
                return can(node, (_, flag) => flag === 1) ? 'From there it deadlocks only if worker 1 does not leave while worker 0 is busy.'
                    : 'From there worker 1 can’t leave while worker 0 is busy.';
            },
            other: 'This is a deadlock, too, but worker 0 was not busy when worker 1 left.',
            praise: 'You showed that a message has no address: worker 1 took the Terminate that main meant for worker 0.',
        },
        {
            id: 'idle', data: 'one-loop', name: 'Nobody is busy', aim: 'such a deadlock',
            goal: '“It was because worker 0 was busy.” Was it? Make it deadlock without worker 0 ever getting the job.',
            hints: ['Worker 1 can do everything, one thing after the other.', 'Worker 0 need not do anything before worker 1 has ended.'],
            lesson: 'It does so when nobody is busy, too.',
            flag: (flag, lead) => (flag || (startsJob(lead) && lead.thread === 1) ? 1 : 0),
            won: (state, flag) => deadlock(state) && flag === 0,
            lost(node) {
                if (!can(node, (state, flag) => state.end && flag === 0)) return 'So worker 0 gets the job.';
                return can(node, deadlock) ? 'From there it deadlocks only if worker 0 gets the job.' : 'From there no deadlock can come.';
            },
            other: 'This is a deadlock, too, but worker 0 had the job.',
            praise: 'You showed that being busy is not the reason: a worker that does nothing can be left without a message, too.',
        },
        {
            id: 'two-loops', data: 'two-loops', name: 'Two loops', aim: 'a deadlock',
            goal: 'Two loops: the first sends a Terminate for each worker, and only then the second joins them. Three workers, two jobs. Make it deadlock; if you think that it can’t, play to the end and say why.',
            hints: ['Compare two numbers while you play: the Terminates in the queue, and the workers that are left.', 'Once all messages are sent, can you make the first number smaller than the second? Try a few orders, to the end.'],
            lesson: 'Two loops never deadlock: before the first join there is a message for every worker.',
            never: 'none deadlocks',
            reason: {
                question: 'Why can’t it deadlock?',
                answers: [
                    ['Each worker takes the Terminate that was sent for it.', false, 'No: a message has no address. Play it, and let worker 2 take the first one.'],
                    ['The workers are quick enough to take their messages before main joins.', false, 'No. You are the scheduler: let main come to its first join before any worker moves, and the program still ends.'],
                    ['Before the first join there is a Terminate for every worker, and nobody takes two.', true,
                        'Yes. Each worker leaves with the one that it takes, so there is always one left for each that is still there.'],
                    ['The lock keeps the workers apart.', false, 'No: the one loop has the same lock, and deadlocks.'],
                ],
            },
        },
        {
            id: 'three', data: 'one-loop-3', name: 'Three workers', aim: 'such a deadlock',
            goal: 'One loop again, now with three workers. Let main join worker 0, and then wait for worker 1 for ever, in a deadlock.',
            hints: ['The first Terminate has to reach worker 0, and the second must not reach worker 1.', 'Leave worker 1 alone until both are taken. Then it has to wait, too, or it is no deadlock.'],
            lesson: 'With one loop, one join that went well proves nothing.',
            won: (state) => deadlock(state) && state.threads[0].next === 'join worker 1',
            lost(node, { names }) {
                const stuck = left(node, names);
                return stuck.length ? `From there main can wait for ever only for ${listed(stuck, 'or')}.` : 'From there no deadlock can come.';
            },
            other: 'This is a deadlock, too, but main doesn’t wait for worker 1.',
            praise: 'You showed that one join that went well proves nothing: worker 0 got its Terminate, and then worker 2 took the one meant for worker 1.',
        },
        {
            id: 'save', data: 'one-loop-3', name: 'Save all three', aim: 'the normal end',
            goal: 'The same program. This time let it end well: all three workers leave, and main joins them.',
            hints: ['Main joins worker 0 first. So who has to take the first Terminate?', 'After each Terminate only the worker that main waits for may move.'],
            lesson: 'It can come through as well, and that is why such a mistake lives long.',
            won: ended('end normally'),
            lost: (node, { names }) => `From there main waits for ever, for ${listed(left(node, names), 'or')}.`,
            praise: 'You showed that it can come through. It may do so a thousand times, and that is why such a mistake lives long.',
        },
        {
            id: 'panic', data: 'panicking-job', name: 'A job panics', aim: 'a lost job',
            goal: 'Two loops, and job 0 panics. Let the program end before job 1 is done.',
            hints: ['A panic ends the worker’s thread. What does join return for it?', 'Worker 0 has to be the one that panics, for main joins it first. What ends when main ends?'],
            lesson: 'A job that panics can take another one with it.',
            flag: (flag, { does }) => (flag || does === 'finish job 1' ? 1 : 0),
            won: (state, flag) => state.end === 'main panics' && flag === 0,
            lost: ({ flag }) => (flag ? 'Job 1 is done.' : 'From there job 1 is done before the program ends.'),
            praise: 'You showed what a panic can cost: main unwraps what join returns and panics, too, and job 1 is lost with the program.',
        },
        {
            id: 'while-let', data: 'while-let', name: 'The tempting while let', aim: 'two jobs at once',
            goal: 'A server with two workers. Two clients came, so there are two jobs; then main waits for a third, who never comes. Let both jobs run at the same time; if you think that they can’t, play to the end and say why.',
            hints: ['Who holds the lock while a job runs?', 'Look at the token of the lock when a worker runs its job.'],
            lesson: 'A lock that is held while a job runs makes a pool of one worker.',
            never: 'in none do two jobs run at once',
            reason: {
                question: 'Why do the jobs never run at the same time?',
                answers: [
                    ['In while let, the lock is held until the end of the loop’s body, and the job runs in there.', true,
                        'Yes. The guard is part of what while let looks at, and that lives as long as the body. So the other worker waits for the lock.'],
                    ['Only one worker gets messages.', false, 'No: each may get one. Let worker 1 take the second.'],
                    ['The channel hands out one message at a time.', false, 'It does, and so it does in 20.21, where two jobs run at once.'],
                    ['recv holds the lock until the next message comes.', false, 'It holds it while it waits. But here a worker has its message, and has the lock still.'],
                ],
            },
        },
        {
            id: 'closed', data: 'closed-channel', name: 'Close the channel', aim: 'this goal',
            goal: 'Main closes the channel when it drops the sender. Let it do so while the job is still in the queue and nobody holds the lock, and play on to the end. Is the job lost?',
            hints: ['No worker may take the lock before main has dropped the sender.', 'Press main as often as it can go on.'],
            lesson: 'A closed channel hands out what is left in it.',
            flag: (flag, { does }, { queue, holder }) => (flag || (does === 'drop a sender of the channel' && queue.length && holder < 0) ? 1 : 0),
            won: (state, flag) => flag === 1 && state.end === 'end normally',
            lost: () => 'Now the channel can’t be closed with the job in the queue and the lock free.',
            praise: 'You showed that a closed channel hands out what is left in it before it says that it is closed: the job was done.',
        },
        {
            id: 'first-panic', data: 'closed-and-unwrapped', name: 'Who panics first', aim: 'this goal',
            goal: 'When the channel is closed, recv returns an error; workers unwrap it, and panic. Let worker 0 finish the job, then worker 1 be the first to panic, and play on to the end.',
            hints: ['Whoever receives when the channel is closed panics, with the lock in its hand.', 'Worker 0 takes the job. When it is done it must not be the first at the lock.'],
            lesson: 'One error that is unwrapped can make three panics.',
            // Whether worker 0 has finished the job, and whether worker 1 panicked first, after that or before.
            flag(flag, { does, thread }) {
                if (does === 'finish job 0' && thread === 1) return flag | DONE;
                if (does === 'receive from the channel: the other side is gone' && thread === 2) return flag | (flag & DONE ? AFTER : BEFORE);
                return flag;
            },
            won: (state, flag) => Boolean(flag & AFTER) && state.end === 'main panics',
            lost(node) {
                if (node.flag & BEFORE) return 'Worker 1 panics before worker 0 has finished the job.';
                if (!can(node, (_, flag) => flag & DONE)) return 'From there worker 0 can’t get the job.';
                return can(node, (_, flag) => flag & BEFORE) ? 'From there worker 1 can’t be the first to panic once worker 0 has finished the job.' : 'So worker 0 is the first to panic.';
            },
            praise: 'You showed three panics with one cause: worker 1 panicked with the lock in its hand, which poisons it; worker 0 unwrapped the poisoned lock’s error, and main that of its join.',
        },
        {
            id: 'log', data: 'log', name: 'A log, line by line', aim: 'the whole log', prints: true,
            goal: 'Four workers once printed the log that stands here in grey. Print it again, to its last line. Whoever would print another line has to wait.',
            hints: ['Nobody has to print at once. A worker with a message can wait until its line comes.', 'Worker 3 gets the second job, and worker 1 the first Terminate.'],
            lesson: 'A log tells the order of the prints, and little else.',
            won: ended('end normally'),
            lost: (node, { printed, log }) => `From there nobody can print “${log[printed + prints(node)]}”`,
            praise: 'You showed how little a log tells: the order of the prints, and hardly who took what when.',
        },
        { id: 'programmer', name: 'Be the programmer', programmer: true, lesson: 'You wrote a drop that no schedule breaks.' },
        {
            id: 'reason', name: 'The reason', lesson: 'And you know why.', quiz: {
                question: 'In one sentence: why does a pool with messages need two loops?',
                answers: [
                    ['A busy worker can’t take its message in time.', false, 'It deadlocks with idle workers, too: that was level 2.'],
                    ['The Mutex lets only one worker receive, and the others starve.', false,
                        'The lock is free as soon as there is a message to take. The pool with two loops has the same lock, and never deadlocks.'],
                    ['One loop does not send enough messages.', false, 'It would send one for each worker. It waits before it has sent them all.'],
                    ['Any worker may take any message, so main may wait for a worker only when there is a message for every worker.', true,
                        'Yes. Tell everybody first, and then wait for anybody.'],
                    ['Two loops are faster, so that the deadlock has no time to happen.', false,
                        'Time has nothing to do with it. You could stop any thread for as long as you liked, and two loops always ended.'],
                ],
            },
        },
    ];
})();
