import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FilePatch, applyPatch } from './patch.ts'

export const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** All that a fault run reads. */
const parts = ['package.json', 'apps', 'db', 'packages', 'tests']
const ours = '@parley'

/** Another tree with the same files, in which a run may be another one. */
export interface Copy {
  folder: string
  /** For what its processes write. */
  temporary: string
  remove(): Promise<void>
}

/** Copies the tree and applies a patch to it; throws, and leaves nothing, where that does not fit. */
export async function makeCopy(patch: readonly FilePatch[]): Promise<Copy> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bug-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const filter = (path: string) => basename(path) !== 'node_modules'
    for (const part of parts) {
      await cp(join(root, part), join(folder, part), { recursive: true, filter })
    }
    await linkModules(folder)
    for (const file of patch) {
      const path = join(folder, file.path)
      await writeFile(path, applyPatch(file, await readFile(path, 'utf8')))
    }
    const temporary = join(folder, 'tmp')
    await mkdir(temporary)
    return { folder, temporary, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Our packages are those of the copy, as links of the workspace are relative; others are shared. */
async function linkModules(folder: string): Promise<void> {
  const modules = join(root, 'node_modules')
  await mkdir(join(folder, 'node_modules'))
  for (const name of await readdir(modules)) {
    const link = join(folder, 'node_modules', name)
    if (name === ours)
      await cp(join(modules, ours), link, { recursive: true, verbatimSymlinks: true })
    else await symlink(join(modules, name), link)
  }
}
