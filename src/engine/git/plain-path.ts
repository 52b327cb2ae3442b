import { foldPathComponent } from '../core/guard/index.ts'

/** Whether no file system could take a part of the path for something else. Only git itself knows all such names. */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => !/^\.{0,2}$|[\\:\0]/.test(part) && !/^\.git/.test(foldPathComponent(part)))
}
