/** One page of a list, and the Link header (RFC 8288) to the others. */
export function page(list: readonly unknown[], url: URL): { items: unknown[]; link: string | undefined } {
  const size = Math.min(100, positive(url.searchParams.get('per_page'), 30));
  const current = positive(url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const to = (number: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return `<${target}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [to(1, 'first'), to(Math.min(current - 1, last), 'prev')] : []),
    ...(current < last ? [to(current + 1, 'next'), to(last, 'last')] : []),
  ];
  return { items: list.slice((current - 1) * size, current * size), link: links.join(', ') || undefined };
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}
