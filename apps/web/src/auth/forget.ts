const prefix = 'parley'
/** How this device shows things: nobody's in particular. */
const kept = [
  'parley.theme',
  'parley.locale',
  'parley.density',
  'parley.text_size',
  'parley.send_key',
]

/** Removes what the browser keeps of whoever was signed in. What other parts hold open goes later. */
export async function forgetEverything(): Promise<void> {
  for (const storage of [localStorage, sessionStorage])
    for (const key of Object.keys(storage))
      if (key.startsWith(prefix) && !kept.includes(key)) storage.removeItem(key)
  const databases = await indexedDB.databases().catch(() => [])
  for (const { name } of databases)
    if (name?.startsWith(prefix) === true) indexedDB.deleteDatabase(name)
}
