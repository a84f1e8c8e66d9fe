//! Second step: orientation, skew, seal, background, speckle and borders; each keeps the transform back to the page as scanned.
