// node car-holdfast.mjs PATH TO: writes the CAR of a folder and prints its root CID.
import { writeCar } from '@holdfast/content';

const [path, to] = process.argv.slice(2);
if (path === undefined || to === undefined) {
  console.error('expected PATH TO, such as ./data ./data.car');
  process.exit(2);
}
console.log((await writeCar(path, to)).cid);
