/// <reference lib="dom" />
import type { CDPSession } from '@playwright/test'

/** The page's heap after all that is not needed is gone, in MB of 1,048,576 bytes. */
export async function heapMB(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.enable')
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  return usedSize / 1_048_576
}

/** Messages that scripts still hold and no page shows. */
export async function detachedArticles(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage')
  const prototype = await cdp.send('Runtime.evaluate', { expression: 'HTMLElement.prototype' })
  const { objects } = await cdp.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId ?? '',
  })
  const { result } = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    // Among them are the prototypes of all kinds of elements, which have no name of their own.
    functionDeclaration: `function () {
      const isArticle = (one) => Object.prototype.toString.call(one) === '[object HTMLElement]'
        && Object.hasOwn(one, 'constructor') === false && one.localName === 'article'
      return this.filter((one) => isArticle(one) && !one.isConnected).length
    }`,
    returnByValue: true,
  })
  await cdp.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' })
  return Number(result.value)
}

/** A processor that is so many times slower. */
export const slowBy = (cdp: CDPSession, rate: number) =>
  cdp.send('Emulation.setCPUThrottlingRate', { rate })

/** What is called Fast 4G: 1.6 Mbit/s down, and 150 ms until an answer begins. */
export async function fast4G(cdp: CDPSession): Promise<void> {
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 1_600_000 / 8,
    uploadThroughput: 750_000 / 8,
  })
}
