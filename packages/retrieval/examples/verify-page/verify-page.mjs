// For a web page: the start of a file, and its last bytes without the rest, from whichever gateway gives the right ones.
// Any bundler makes verify-page.js of it; index.html?cid=CID&gateway=URL&gateway=URL names what to read, and where.
import { openFile, readVerified } from '@holdfast/content/read';
import { createGateways } from '@holdfast/retrieval';

const asked = new URLSearchParams(location.search);
const cid = asked.get('cid') ?? '';
const gateways = createGateways(asked.getAll('gateway').map((url) => ({ kind: 'gateway', url })));
const show = (id, text) => {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
};

try {
  const decoder = new TextDecoder();
  let start = '';
  for await (const part of readVerified(cid, gateways, { length: 80 }))
    start += decoder.decode(part, { stream: true });
  const file = await openFile(cid, gateways);
  const end = decoder.decode(await file.slice(-20));
  show('text', `${file.byteLength} bytes\n${start}\n…\n${end}`);
} catch (error) {
  show('text', `not verified: ${error.message}`);
}
show(
  'sources',
  gateways
    .report()
    .map(({ source, blocks, faults }) => `${source}: ${blocks} blocks, ${faults} faults`)
    .join('; '),
);
