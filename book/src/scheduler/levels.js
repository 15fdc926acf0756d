'use strict';

// The levels. `flag` remembers what a state alone doesn't tell, from step to step; `won` says whether
// the goal is reached, and `other` what is said of a deadlock that isn't the goal. A level without
// `won` can't be won: there `reason` asks why, and `leads` says where every way leads instead. What the
// level teaches is said once more on the last screen.

poolGame.levels = (() => {
    const ended = (end) => (state) => state.end === end;
    const startsJob = ({ does }) => does.startsWith('start job');

    return [
        {
            id: 'break', data: 'one-loop', name: 'One loop: break it', aim: 'this deadlock',
            goal: 'Let it deadlock: all who are left wait for each other for ever. And let worker 1 leave while worker 0 is busy.',
            hints: ['A message has no address. Any worker may take it.', 'Let worker 0 run the job, and while it is busy let worker 1 take the Terminate.'],
            lesson: 'One loop deadlocks, because a message has no address.',
            flag: (flag, { does, thread }, { queue, threads }) => (
                flag || (thread === 2 && does.startsWith('receive') && queue[0] === 'Terminate' && threads[1].next === 'finish job 0') ? 1 : 0),
            won: (state, flag) => state.end === 'deadlock' && flag === 1,
            other: 'This is a deadlock, too, but worker 0 was not busy when worker 1 left.',
            praise: 'You showed that a message has no address: worker 1 took the Terminate that main meant for worker 0.',
        },
        {
            id: 'idle', data: 'one-loop', name: 'Nobody is busy', aim: 'such a deadlock',
            goal: '“It was because worker 0 was busy.” Was it? Let it deadlock, and worker 0 never gets the job.',
            hints: ['Worker 1 can do everything, one thing after the other.', 'Worker 0 need not do anything before worker 1 has ended.'],
            lesson: 'It does so when nobody is busy, too.',
            flag: (flag, lead) => (flag || (startsJob(lead) && lead.thread === 1) ? 1 : 0),
            won: (state, flag) => state.end === 'deadlock' && flag === 0,
            other: 'This is a deadlock, too, but worker 0 had the job.',
            praise: 'You showed that being busy is not the reason: a worker that does nothing can be left without a message, too.',
        },
        {
            id: 'two-loops', data: 'two-loops', name: 'Two loops', aim: 'a deadlock',
            goal: 'Three workers, two jobs, and all the messages are sent before the first join. Make it deadlock, if you can.',
            hints: ['Compare two numbers while you play: the Terminates in the queue, and the workers that are left.', 'Once all messages are sent, can you make the first number smaller than the second? Try a few orders, to the end.'],
            lesson: 'Two loops never deadlock: before the first join there is a message for every worker.',
            never: 'none deadlocks', leads: 'every way leads to the normal end',
            reason: {
                question: 'Why can’t it deadlock?',
                answers: [
                    ['Each worker takes the Terminate that was sent for it.', false, 'No: a message has no address. Play it, and let worker 2 take the first one.'],
                    ['The workers are quick enough to take their messages before main joins.', false, 'No. You are the scheduler: you can let main join first, and it still ends.'],
                    ['Before the first join there is a Terminate for every worker, and nobody takes two.', true,
                        'Yes. Each worker leaves with the one that it takes, so there is always one left for each that is still there.'],
                    ['The lock keeps the workers apart.', false, 'No: the one loop has the same lock, and deadlocks.'],
                ],
            },
        },
        {
            id: 'three', data: 'one-loop-3', name: 'Three workers', aim: 'such a deadlock',
            goal: 'One loop again, with three workers. Let main join worker 0 and wait for worker 1 in vain.',
            hints: ['The first Terminate has to reach worker 0, and the second must not reach worker 1.', 'Leave worker 1 alone.'],
            lesson: 'With one loop, a round that went well proves nothing.',
            won: (state) => state.end === 'deadlock' && state.threads[0].next === 'join worker 1',
            other: 'This is a deadlock, too, but main doesn’t wait for worker 1.',
            praise: 'You showed that a round that went well proves nothing: in each round anybody may take the message.',
        },
        {
            id: 'save', data: 'one-loop-3', name: 'Save all three', aim: 'the normal end',
            goal: 'The same program. This time bring all three workers home, and main, too.',
            hints: ['Main joins worker 0 first. So who has to take the first Terminate?', 'After each Terminate only the worker that main waits for may move.'],
            lesson: 'It can come through as well, and that is why such a mistake lives long.',
            won: ended('end normally'),
            praise: 'You showed that it can come through. It may do so a thousand times, and that is why such a mistake lives long.',
        },
        {
            id: 'panic', data: 'panicking-job', name: 'A job panics', aim: 'a lost job',
            goal: 'Job 0 panics, in a pool with two loops. Let the program end before job 1 is done.',
            hints: ['A panic ends the worker’s thread. What does join return for it?', 'Worker 0 has to be the one that panics, for main joins it first. What ends when main ends?'],
            lesson: 'A job that panics can take another one with it.',
            flag: (flag, { does }) => (flag || does === 'finish job 1' ? 1 : 0),
            won: (state, flag) => state.end === 'main panics' && flag === 0,
            praise: 'You showed what a panic can cost: main unwraps what join returns and panics, too, and job 1 ends with the program.',
        },
        {
            id: 'while-let', data: 'while-let', name: 'The tempting while let', aim: 'two jobs at once',
            goal: 'Two workers, two jobs. Let both jobs run at the same time, if you can.',
            hints: ['Who holds the lock while a job runs?', 'Look at the token of the lock when a worker runs its job.'],
            lesson: 'A lock that is held while a job runs makes a pool of one worker.',
            never: 'in none do two jobs run at once', leads: 'every way leads to where both jobs are done, one after the other, and the server waits for a client',
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
            goal: 'Let main close the channel while the job is still in the queue and nobody holds the lock, and go on to the end. Is the job lost?',
            hints: ['No worker may take the lock before main has dropped the sender.', 'Press main as often as it can go on.'],
            lesson: 'A closed channel hands out what is left in it.',
            flag: (flag, { does }, { queue, holder }) => (flag || (does === 'drop a sender of the channel' && queue.length && holder < 0) ? 1 : 0),
            won: (state, flag) => flag === 1 && state.end === 'end normally',
            praise: 'You showed that a closed channel hands out what is left in it before it says that it is closed: the job was done.',
        },
        {
            id: 'first-panic', data: 'closed-and-unwrapped', name: 'Who panics first', aim: 'this goal',
            goal: 'The channel closes, and the workers unwrap the error. Let worker 1 be the first to panic, with the job done by worker 0.',
            hints: ['Whoever receives when the channel is closed panics, with the lock in its hand.', 'Worker 0 takes the job. When it is done it must not be the first at the lock.'],
            lesson: 'One error that is unwrapped can make three panics.',
            flag(flag, { does, thread }) {
                if (does === 'finish job 0') return thread === 1 ? 3 : 1;
                return flag === 3 && does === 'receive from the channel: the other side is gone' && thread === 2 ? 4 : flag;
            },
            won: (state, flag) => flag === 4 && state.end === 'main panics',
            praise: 'You showed three panics with one cause: worker 1 panicked with the lock in its hand, worker 0 on the poisoned lock, and main on its join.',
        },
        {
            id: 'log', data: 'log', name: 'A log, line by line', aim: 'the whole log', prints: true,
            goal: 'Four workers once printed the log that stands here in grey. Print it again. Whoever would print another line has to wait.',
            hints: ['Nobody has to print at once. A worker with a message can wait until its line comes.', 'Worker 3 gets the second job, and worker 1 the first Terminate.'],
            lesson: 'A log tells the order of the prints, and little else.',
            won: ended('end normally'),
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
