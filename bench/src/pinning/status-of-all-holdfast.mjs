// One side of `status-of-all`: node status-of-all-holdfast.mjs URL. Plain JavaScript, as users run the package:
// stripping types costs Node more memory than the work does.
import { ClusterTarget } from '@holdfast/pinning';

const [url = ''] = process.argv.slice(2);
let pins = 0;
let copies = 0;
for await (const state of new ClusterTarget({ endpoints: [url] }).observe()) {
  if (state.pin?.min === 2) pins += 1;
  copies += state.peers.filter((peer) => peer.state === 'pinned').length;
}
console.log(JSON.stringify({ pins, copies }));
