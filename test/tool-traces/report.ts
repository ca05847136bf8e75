/** What the tool-call policy does to the traces beside this file: `npx tsx test/tool-traces/report.ts [seen]`. With `seen`, why tasks of that half are stopped. */
import { ATTACKS } from './attacks.ts';
import { FRESH } from './benign-fresh.ts';
import { play } from './play.ts';
import { HELD_OUT, SEEN } from './tasks.ts';

for (const [name, tasks] of [
  ['seen', SEEN],
  ['held-out', HELD_OUT],
  ['fresh', FRESH],
] as const) {
  const stopped = tasks.filter((task) => play(task).stopped.length > 0);
  let traces = 0;
  let tried = 0;
  const ran: string[] = [];
  for (const task of tasks) {
    for (const attack of ATTACKS) {
      const outcome = play(task, attack);
      traces++;
      tried += outcome.tried;
      ran.push(...outcome.unauthorised.map((call) => `${task.id} ${attack.id} ${JSON.stringify(call)}`));
    }
  }
  console.log(
    `${name}: ${tasks.length} benign tasks, ${stopped.length} stopped; ${traces} attack traces, ${tried} calls tried, ${ran.length} ran`,
  );
  if (process.argv[2] !== name) continue;
  for (const task of stopped)
    console.log(task.id, JSON.stringify(play(task).stopped.map(({ call, decision }) => [call, decision.reasons])));
  for (const line of ran) console.log('RAN', line);
}
