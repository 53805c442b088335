/** SemVer 2.0.0, with the expression from semver.org. */
export const versionPattern =
  '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$';
const version = new RegExp(versionPattern);

export function isVersion(text: string): boolean {
  return text.length <= 256 && version.test(text);
}

/** SemVer precedence (section 11): build metadata does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [version.exec(a), version.exec(b)];
  if (left === null || right === null) return 0;
  for (const part of [1, 2, 3]) {
    const order = compareNumeric(left[part] ?? '0', right[part] ?? '0');
    if (order !== 0) return order;
  }
  if (left[4] === undefined || right[4] === undefined)
    return Number(left[4] === undefined) - Number(right[4] === undefined);
  return comparePrerelease(left[4].split('.'), right[4].split('.'));
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [xNumeric, yNumeric] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumeric !== yNumeric) return xNumeric ? -1 : 1;
    const order = xNumeric ? compareNumeric(x, y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/** Digits without leading zeros of any length. */
function compareNumeric(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
