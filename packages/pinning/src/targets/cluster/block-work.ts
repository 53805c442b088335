// Loaded on first use, and in a bundle a file of its own: what sends blocks or has them fetched. Hardly a run needs it.
export { addCar } from './car-upload.ts';
export { repairCopy } from './repair.ts';
