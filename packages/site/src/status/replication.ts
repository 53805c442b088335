import type { Summary } from '@holdfast/watch';
import { linePlot } from '../draw/line-plot.ts';
import { type Html, html } from '../html/html.ts';
import { dayMs, dayText } from '../model/quantity.ts';

/** Average copies over time, beside those wanted. */
export function replication({ copiesByDay }: Summary): Html {
  const [first, last] = [copiesByDay[0], copiesByDay.at(-1)];
  if (first === undefined || last === undefined || copiesByDay.length < 2) return html``;
  const days = everyDay(copiesByDay);
  return html`<section id="replication"><h2>Copies over time</h2>
${linePlot(
  [
    { kind: 'second', values: days.map((day) => day?.wanted) },
    { kind: 'first', values: days.map((day) => day?.average) },
  ],
  {
    label: `Average copies of a dataset: ${first.average.toFixed(2)} on ${first.date}, ${last.average.toFixed(2)} of ${last.wanted.toFixed(2)} wanted on ${last.date}`,
    text: (value) => String(Math.round(value * 100) / 100),
    from: dayText(Date.parse(first.date)),
    to: dayText(Date.parse(last.date)),
  },
)}
<p class="legend"><span class="first">copies that exist</span> <span class="second">wanted</span></p></section>
`;
}

/** A day in which nothing is known is a gap. */
function everyDay(known: Summary['copiesByDay']): (Summary['copiesByDay'][number] | undefined)[] {
  const byDate = new Map(known.map((day) => [day.date, day]));
  const [from, to] = [Date.parse(known[0]?.date ?? ''), Date.parse(known.at(-1)?.date ?? '')];
  const days: (Summary['copiesByDay'][number] | undefined)[] = [];
  for (let at = from; at <= to; at += dayMs) days.push(byDate.get(new Date(at).toISOString().slice(0, 10)));
  return days;
}
